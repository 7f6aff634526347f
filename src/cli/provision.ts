/** `tillet provision`: a new terminal at the host, and the file that makes a device into it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { code as currencyOf } from "currency-codes";
import { openHost } from "../host/host";
import { ADMIN, type FirstAdmin, newAdmin } from "../host/operator-pin";
import { hostTable } from "../host/limits";
import type { PinKey } from "../host/pin";
import { keyCheckValue, newDeviceKey, provisionTerminal } from "../host/provision";
import { type FingerModel, settingsText } from "../sim/factory-settings";
import { factoryImage, type FactorySettings, type Language } from "../sim/journal-image";
import { loadedPinKeys } from "./world";

export interface ProvisionCommand {
  folder: string;
  databaseUrl: string | undefined;
  hostKeyFile?: string | undefined;
  tid: string;
  mid: string;
  /** Where the terminal finds its host: `name:port`. */
  host: string;
  /** And where else, likewise; undefined where that is the only place. */
  host2?: string | undefined;
  currency: string;
  name: string | undefined;
  place: string | undefined;
  isRenewal: boolean;
  /** False: the device's engine has better things to do than X25519. */
  rekeys: boolean;
  out: string | undefined;
  /** Format of PIN blocks, or off. */
  pin: string;
  /** It was said that the cards are the operator's own. */
  isClosedLoop: boolean;
  /** A contactless reader on the UART. */
  hasReader?: boolean;
  /** A fingerprint sensor that operators log in at. */
  finger?: FingerModel;
  /** Of the screens; English unless given. */
  language?: Language;
  /** Tips, cash, sales without a link: what is left out is not taken. */
  trade?: Pick<FactorySettings, "tip" | "cash" | "floor" | "limits" | "sleep">;
  /** Nobody does anything before an operator has logged in. */
  hasOperators?: boolean;
}

/** What a device is made from. The only place outside the device where its keys stand in clear. */
export interface KeyFile {
  settings: FactorySettings;
  batch: number;
  /** 32 bytes, hexadecimal. */
  key: string;
  keyCheckValue: string;
  /** Where the device takes PINs: initial key id (8 bytes) and initial key (16) of AES DUKPT, hexadecimal. */
  pinKey?: { id: string; key: string; keyCheckValue: string };
  /** Where there are operators: what their PINs are kept under, and what is kept of the admin's first one, hexadecimal. */
  admin?: { secret: string; kept: string };
}

const PORT_DEFAULT = 7583;

function checked(what: string, value: string, pattern: RegExp, wanted: string): string {
  if (!pattern.test(value)) throw new Error(`--${what} ${value}: ${wanted} wanted.`);
  return value;
}

/** Name and port of `name[:port]`. */
function address(option: string, text: string): { host: string; hostPort: number } {
  const [, host = "", port = String(PORT_DEFAULT)] = /^([A-Za-z0-9.-]+)(?::([0-9]{1,5}))?$/.exec(text) ?? [];
  if (!host || Number(port) > 65535)
    throw new Error(`--${option} ${text}: name:port wanted, such as pos.example:7583.`);
  return { host, hostPort: Number(port) };
}

function addresses({ host, host2 }: ProvisionCommand): Pick<FactorySettings, "host" | "hostPort" | "host2"> {
  const other = host2 === undefined ? undefined : address("host2", host2);
  return { ...address("host", host), ...(other && { host2: `${other.host}:${other.hostPort}` }) };
}

function pinOf({ pin, isClosedLoop }: ProvisionCommand): "off" | "4" | "0" {
  if (pin !== "off" && pin !== "4" && pin !== "0") throw new Error(`--pin ${pin}: 4, 0 or off wanted.`);
  if (pin !== "off" && !isClosedLoop) {
    throw new Error(
      "This hardware is not a PCI PTS device: it must not take the PINs of payment schemes' cards. " +
        "If all cards are your own, say so with --closed-loop.",
    );
  }
  return pin;
}

/** What differs from the first choice. */
function optionsOf(
  { rekeys, language, hasReader, finger, trade, hasOperators }: ProvisionCommand,
  version: number,
): Partial<FactorySettings> {
  return {
    ...(version > 1 && { version }),
    ...(!rekeys && { rekey: "off" }),
    ...(language && { language }),
    ...(hasReader && { tap: "hsu" }),
    ...(finger && { finger }),
    ...trade,
    ...(hasOperators && { operators: "on" }),
  };
}

/** What the host keeps of them. */
function limitsOf({ trade: { limits, floor } = {}, hasOperators }: ProvisionCommand): string | undefined {
  return limits && hostTable(limits, hasOperators ?? false, floor);
}

export async function provision(command: ProvisionCommand): Promise<number> {
  const tid = checked("tid", command.tid, /^[0-9A-Z]{8}$/, "8 digits or capital letters");
  const mid = checked("mid", command.mid, /^[0-9A-Z]{15}$/, "15 digits or capital letters");
  const currency = currencyOf(command.currency);
  if (!currency) throw new Error(`--currency ${command.currency}: an ISO 4217 code wanted, such as EUR.`);
  const at = addresses(command);
  const pin = pinOf(command);
  const file = command.out ?? `terminal-${tid}.json`;
  for (const [what, text] of Object.entries({ name: command.name, place: command.place })) {
    if (text !== undefined) checked(what, text, /^[ -{}]{1,32}$/, "1 to 32 plain characters without |");
  }
  // Before anything is changed at the host: a key that has nowhere to go is lost.
  if (existsSync(file))
    throw new Error(`${file} exists and may hold a key. Move it away or choose another with --out.`);
  const order = {
    ...{ tid, mid, merchantName: command.name, merchantPlace: command.place },
    currency: currency.number,
    exponent: currency.digits,
    takesPins: pin !== "off",
    limits: limitsOf(command),
  };
  const { folder, databaseUrl, hostKeyFile } = command;
  const key = newDeviceKey();
  const first = command.hasOperators ? newAdmin() : undefined;
  const host = await openHost({ folder, databaseUrl, hostKeyFile });
  try {
    const { settings, batch, pinKey } = await host.store.transact(async (session) => {
      const made = await provisionTerminal(session, host.hostKey, order, key, command.isRenewal);
      const settings: FactorySettings = {
        tid,
        mid,
        currencyCode: currency.code,
        currencyNumber: currency.number,
        exponent: currency.digits,
        ...at,
        merchantName: made.merchant.name,
        merchantPlace: made.merchant.place,
        month: thisMonth(),
        mode: "live",
        pin,
        ...optionsOf(command, made.version),
      };
      settingsText(settings);
      return { ...made, settings };
    });
    const content: KeyFile = {
      settings,
      batch,
      key: Buffer.from(key).toString("hex"),
      keyCheckValue: keyCheckValue(key),
      ...(pinKey && { pinKey: writtenPinKey(pinKey) }),
      ...(first && { admin: { secret: hexOf(first.admin.secret), kept: hexOf(first.admin.kept) } }),
    };
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: "wx", flush: true });
    tell(file, content, first?.pin);
  } finally {
    await host.close();
  }
  return 0;
}

/** Said once: no PIN of an operator is in the file. */
function tell(file: string, { settings, keyCheckValue: check }: KeyFile, adminPin: string | undefined): void {
  const lines = [`Terminal ${settings.tid}, key check value ${check}: ${file}`];
  if (adminPin)
    lines.push(`Admin ${ADMIN} logs in with PIN ${adminPin} once, and chooses another. It is kept nowhere.`);
  if (settings.pin !== "off") lines.push("It takes PINs and is not a PCI PTS device: for your own cards only.");
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Throws when the file is not one of ours, or was damaged: the key check value tells. */
export function readKeyFile(file: string): KeyFile {
  if (!existsSync(file)) throw new Error(`--keys ${file}: there is no such file. tillet provision makes one.`);
  return parseKeyFile(readFileSync(file, "utf8"), file);
}

/** `file`: how a message calls it. */
export function parseKeyFile(text: string, file: string): KeyFile {
  let content: Partial<KeyFile>;
  try {
    content = JSON.parse(text) as Partial<KeyFile>;
  } catch {
    content = {};
  }
  const { settings, batch, key, keyCheckValue: expected, pinKey, admin } = content;
  const isWhole = settings !== undefined && Number.isInteger(batch) && /^[0-9a-f]{64}$/.test(key ?? "");
  const isPinWhole = (settings?.pin ?? "off") === "off" ? pinKey === undefined : isWholePinKey(pinKey);
  const isAdminWhole = (settings?.operators === "on") === isWholeAdmin(admin);
  if (!isWhole || !isPinWhole || !isAdminWhole || keyCheckValue(Buffer.from(key as string, "hex")) !== expected) {
    throw new Error(`${file} is not a whole key file. Make a new one with tillet provision --renew.`);
  }
  return content as KeyFile;
}

function writtenPinKey(pinKey: PinKey): NonNullable<KeyFile["pinKey"]> {
  const [id, key] = [Buffer.from(pinKey.id), Buffer.from(pinKey.key)];
  return { id: id.toString("hex"), key: key.toString("hex"), keyCheckValue: keyCheckValue(Buffer.concat([id, key])) };
}

function isWholePinKey(written: KeyFile["pinKey"]): boolean {
  if (!written || !/^[0-9a-f]{16}$/.test(written.id) || !/^[0-9a-f]{32}$/.test(written.key)) return false;
  return keyCheckValue(Buffer.from(written.id + written.key, "hex")) === written.keyCheckValue;
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

function isWholeAdmin(written: KeyFile["admin"]): boolean {
  return /^[0-9a-f]{64}$/.test(written?.secret ?? "") && /^[0-9a-f]{32}$/.test(written?.kept ?? "");
}

/** What a new terminal's flash is with these keys, whatever brings it there. */
export function imageOf(keys: KeyFile): Uint8Array {
  const pinKey = pinKeyOf(keys);
  const loaded = pinKey && loadedPinKeys(pinKey);
  return factoryImage(keys.settings, Buffer.from(keys.key, "hex"), keys.batch, loaded, adminOf(keys));
}

/** Undefined where there are no operators. */
function adminOf({ admin }: KeyFile): FirstAdmin | undefined {
  return admin && { secret: Buffer.from(admin.secret, "hex"), kept: Buffer.from(admin.kept, "hex") };
}

/** Undefined where the device takes no PINs. */
function pinKeyOf({ pinKey }: KeyFile): PinKey | undefined {
  return pinKey && { id: Buffer.from(pinKey.id, "hex"), key: Buffer.from(pinKey.key, "hex") };
}

function thisMonth(): string {
  return new Date().toISOString().slice(2, 7).replace("-", "");
}
