/** What provisioning sets a terminal to; `docs/journal.md` says how it stands in flash. */

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Sensors that operators may log in at; the second has no light. */
export const FINGER_MODELS = ["r503", "as608"] as const;
export type FingerModel = (typeof FINGER_MODELS)[number];

/** What may be limited, and the letter that it has in flash. */
export const LIMITS = {
  transaction: "t",
  refund: "r",
  count: "n",
  day: "d",
  operator: "o",
  stripe: "s",
  tap: "c",
  offline: "f",
  typed: "y",
  cash: "m",
  hours: "a",
  repeat: "w",
  waiting: "q",
} as const;
export type LimitName = keyof typeof LIMITS;

/** `name=number` each, commas between; in minor units but for how many a day, hours and minutes. Throws when it is not. */
export function limitsTable(text: string): string {
  const all = text.split(",").map((each) => {
    const [, name = "", number] = /^([a-z]+)=([0-9]{1,9})$/.exec(each) ?? [];
    if (number === undefined || !Object.hasOwn(LIMITS, name))
      throw new Error(`${each}: NAME=NUMBER wanted, NAME one of ${Object.keys(LIMITS).join(", ")}.`);
    return LIMITS[name as LimitName] + Number(number);
  });
  if (new Set(all.map(([letter]) => letter)).size < all.length) throw new Error(`${text}: a limit is there twice.`);
  return all.join("");
}

export interface FactorySettings {
  tid: string;
  mid: string;
  currencyCode: string;
  currencyNumber: string;
  exponent: number;
  host: string;
  hostPort: number;
  merchantName: string;
  merchantPlace: string;
  /** YYMM. */
  month: string;
  mode: "test" | "live";
  /** Version of these settings, 1 without it. */
  version?: number;
  /** No X25519, whatever the host offers. */
  rekey?: "off";
  /** Of the screens; English without it. */
  language?: Language;
  /** Name of the printer, and of the symbol on the receipt. */
  printer?: string;
  receiptCode?: string;
  /** Bus of the contactless reader: `hsu`; none without it. */
  tap?: string;
  /** Fingerprint sensor; none without it. */
  finger?: FingerModel;
  /** Format of PIN blocks; off without it. */
  pin?: "off" | "4" | "0";
  /** Greatest tip in percent of the sale; least coin, and greatest sale without a link, in minor units. None without it. */
  tip?: number;
  cash?: number;
  floor?: number;
  /** What is limited, as `limitsTable` makes it; nothing without it. */
  limits?: string;
  /** Somebody must log in; nobody has to without it. Then the minutes until the terminal locks itself. */
  operators?: "on";
  lock?: number;
  /** The host at another address, `name:port`; none without it. */
  host2?: string;
  /** Minutes until the panel goes dark, 0 for never; 10 without it. */
  sleep?: number;
}

/** What a terminal reads of its settings' record is 256 bytes, 8 of them around the text. */
const TEXT_BYTES_MAX = 248;

/** Options, and the names that two of them have in flash. */
const OPTIONS =
  "version rekey language printer receiptCode tap finger pin tip cash floor limits operators lock host2 sleep".split(
    " ",
  ) as (keyof FactorySettings)[];
const NAMES: Record<string, string> = { language: "lang", receiptCode: "code" };

/** The settings as they stand in flash. Throws when a terminal could not read them: longer than it reads, or with what parts them in them. */
export function settingsText(settings: FactorySettings): string {
  const { tid, mid, currencyCode, currencyNumber, exponent, host, hostPort } = settings;
  const { merchantName, merchantPlace, month, mode } = settings;
  const parts = [
    ...[tid, mid, currencyCode, currencyNumber, exponent, host, hostPort, merchantName, merchantPlace, month, mode],
    ...OPTIONS.flatMap((key) =>
      settings[key] || settings[key] === 0 ? [`${NAMES[key] ?? key}=${settings[key]}`] : [],
    ),
  ];
  if (parts.some((part) => !/^[ -{}]+$/.test(String(part))))
    throw new Error("Settings must be printable ASCII without `|`, none empty.");
  const text = parts.join("|");
  if (text.length > TEXT_BYTES_MAX)
    throw new Error(
      `The settings of terminal ${tid} take ${text.length} characters; a terminal holds ${TEXT_BYTES_MAX}. ` +
        "Shorten the merchant's name or place, the host's name, or leave out a limit.",
    );
  return text;
}
