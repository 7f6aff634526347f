/** Provisioned terminals: their own key, their own batch, and a key file that a simulated device can be made from. */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { imageOf, type KeyFile, provision, type ProvisionCommand, readKeyFile } from "../../src/cli/provision";
import { rotate } from "../../src/cli/rotate";
import { BUNDLE } from "../../src/cli/world";
import { type Host, openHost } from "../../src/host/host";
import { testKey } from "../../src/host/keys";
import { ADMIN, keptPin } from "../../src/host/operator-pin";
import { provisionTerminal } from "../../src/host/provision";
import { openNode } from "../../src/sim/engines/node";
import { Handheld } from "../../src/sim/handheld";
import { factoryImage } from "../../src/sim/journal-image";
import { readOperators } from "../../src/sim/operator-image";
import { seededBytes } from "../../src/sim/random";
import { BOOT_MS } from "../../src/sim/script";
import { FlashTwin } from "../../src/sim/twins/flash";
import { Link } from "./link";
import { FASTEST, type Place } from "./stores";
import { packMessage, saleFields, TestTerminal } from "./terminal";

const TID = "12345678";
const MID = "000000000000777";

let place: Place;
let command: ProvisionCommand;
let file: string;

beforeEach(async () => {
  place = await FASTEST.openPlace();
  file = join(place.folder, "key.json");
  command = {
    folder: place.folder,
    databaseUrl: place.databaseUrl,
    tid: TID,
    mid: MID,
    host: "pos.example:7583",
    currency: "EUR",
    name: "Corner Shop",
    place: "Main Street 1",
    isRenewal: false,
    rekeys: true,
    out: file,
    pin: "off",
    isClosedLoop: false,
  };
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await place.remove();
});

async function onHost<T>(work: (host: Host) => Promise<T>): Promise<T> {
  const host = await openHost(place);
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

/** What the host says to the first request of a device with this key. */
function firstAnswer(key: string, batch: number): Promise<string> {
  return onHost(async (host) => {
    const link = await Link.open(host.gateway);
    const fields = saleFields(TID, 1, 1250, { 42: MID, 60: `22${String(batch).padStart(6, "0")}` });
    const { line } = new TestTerminal(TID, Buffer.from(key, "hex")).seal(packMessage("0200", fields));
    const answer = await link.send(`${line}\n`);
    await link.close();
    return answer;
  });
}

test("rotate: the next answer asks for a sign-on; without such a terminal it says so", async () => {
  await provision(command);
  await rotate(command);
  const asks = () => onHost((host) => host.store.query("select tid from terminal where asks_sign_on"));
  expect(await asks()).toEqual([{ tid: TID }]);
  await expect(rotate({ ...command, tid: "87654321" })).rejects.toThrow("There is no terminal 87654321.");
});

describe("a new terminal", () => {
  test("gets a key that works, in a file for its owner alone, with the value to compare", async () => {
    await provision(command);
    const { key, keyCheckValue, settings } = readKeyFile(file);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(settings).toMatchObject({ tid: TID, mid: MID, host: "pos.example", hostPort: 7583, mode: "live" });
    expect(await firstAnswer("00".repeat(32), 1)).toBe("");
    expect(await firstAnswer(key, 1)).not.toBe("");
    const said = vi.mocked(process.stdout.write).mock.calls.join("");
    expect(said).toContain(keyCheckValue);
    expect(said).not.toContain(key);
  });

  test("is told about X25519 only when it is to do without, and about its settings' version when that is not the first", async () => {
    await provision(command);
    expect(Object.keys(readKeyFile(file).settings)).not.toEqual(expect.arrayContaining(["rekey"]));
    await onHost((host) => host.store.query("update terminal set parameters = 3"));
    rmSync(file);
    await provision({ ...command, isRenewal: true, rekeys: false });
    expect(readKeyFile(file).settings).toMatchObject({ rekey: "off", version: 3 });
  });

  test("knows the host's other address where there is one", async () => {
    await provision({ ...command, host2: "other.example:7584" });
    expect(readKeyFile(file).settings.host2).toBe("other.example:7584");
    rmSync(file);
    await expect(provision({ ...command, isRenewal: true, host2: "a b" })).rejects.toThrow("--host2 a b: name:port");
  });

  test("prints the admin's first PIN once where there are operators: it is in no file, and another each time", async () => {
    const pins = new Set<string>();
    for (const isRenewal of [false, true]) {
      vi.mocked(process.stdout.write).mockClear();
      await provision({ ...command, isRenewal, hasOperators: true, finger: "r503" });
      const [, pin = ""] = /PIN ([0-9]{8}) once/.exec(vi.mocked(process.stdout.write).mock.calls.join("")) ?? [];
      const written = readKeyFile(file);
      expect(written.settings).toMatchObject({ operators: "on", finger: "r503" });
      expect(JSON.stringify(written)).not.toContain(pin);
      // Whatever brings the keys into a handheld: the admin is in its flash, and that is his PIN.
      const [admin] = readOperators(imageOf(written)) ?? [];
      expect(admin).toMatchObject({ number: 99, mustChange: true });
      const secret = Buffer.from(written.admin?.secret ?? "", "hex");
      expect(keptPin(secret, ADMIN, pin)).toEqual(Uint8Array.from(admin?.kept ?? []));
      pins.add(pin);
      rmSync(file);
    }
    expect(pins.size).toBe(2);
  });

  test("is a handheld that the host of its key answers, outside test mode", async () => {
    await provision(command);
    const { key, settings, batch } = readKeyFile(file);
    await onHost(async (host) => {
      const shown: string[] = [];
      const handheld = new Handheld({
        engine: openNode(BUNDLE),
        flash: new FlashTwin(factoryImage(settings, Buffer.from(key, "hex"), batch)),
        door: { address: "127.0.0.1", port: host.port, quiet: (port, sent) => host.gateway.quiet(port, sent) },
        onEvent: (_, event) => shown.push(JSON.stringify(event)),
        randomBytes: seededBytes(1),
      });
      await handheld.powerOn();
      await handheld.runFor(BOOT_MS);
      for (const byte of "1250E") await handheld.press(byte);
      await handheld.runFor(1000);
      await handheld.swipe({ t2: ";4761739001010010=28122011143800000000?" });
      await handheld.runFor(BOOT_MS);
      await handheld.powerCut();
      expect(shown.join("\n")).toContain("Card is not known");
      expect(shown.join("\n")).not.toContain("TEST");
    });
  });

  test.each([
    ["tid", { tid: "1234" }, /--tid 1234: 8 digits or capital letters wanted/],
    ["mid", { mid: "7" }, /--mid 7: 15 digits/],
    ["currency", { currency: "XXY" }, /--currency XXY: an ISO 4217 code wanted/],
    ["host", { host: "a b" }, /--host a b: name:port wanted/],
    ["port", { host: "a:70000" }, /name:port wanted/],
    ["name", { name: "a|b" }, /--name a\|b: 1 to 32 plain characters/],
    [
      "length",
      { host: `${"h".repeat(200)}:7583` },
      /take [0-9]+ characters; a terminal holds 248. Shorten the merchant's/,
    ],
    ["merchant", { name: undefined }, /Merchant 000000000000777 is new/],
  ])("is refused for a wrong %s, and nothing is left behind", async (_, change, message) => {
    await expect(provision({ ...command, ...change })).rejects.toThrow(message);
    expect(existsSync(file)).toBe(false);
    expect(await onHost((host) => host.store.query("select tid from terminal"))).toEqual([]);
  });

  test("never overwrites a key file", async () => {
    writeFileSync(file, "precious");
    await expect(provision(command)).rejects.toThrow(/exists and may hold a key/);
    expect(readFileSync(file, "utf8")).toBe("precious");
  });

  test("never has a test key", async () => {
    const order = { tid: TID, mid: MID, merchantName: "A", merchantPlace: "B", currency: "978", exponent: 2 };
    const withTestKey = onHost((host) =>
      host.store.transact((session) => provisionTerminal(session, host.hostKey, order, testKey(TID), false)),
    );
    await expect(withTestKey).rejects.toThrow(/A test key is no key/);
  });
});

describe("a terminal that exists", () => {
  test("gets a new key only when that was said; then the old one opens nothing, and the batch is new", async () => {
    await provision(command);
    const old = readKeyFile(file);
    const second = { ...command, out: `${file}.2` };
    await expect(provision(second)).rejects.toThrow(/Terminal 12345678 exists/);
    expect(await firstAnswer(old.key, 1)).not.toBe("");
    await provision({ ...second, isRenewal: true });
    const renewed = readKeyFile(`${file}.2`);
    expect(renewed.batch).toBe(2);
    expect(await firstAnswer(old.key, 1)).toBe("");
    expect(await firstAnswer(renewed.key, 2)).not.toBe("");
  });

  test("cannot be renewed when there is none, or for another merchant", async () => {
    await expect(provision({ ...command, isRenewal: true })).rejects.toThrow(/no terminal 12345678 to renew/);
    await provision(command);
    const other = { ...command, mid: "000000000000778", isRenewal: true, out: `${file}.2` };
    await expect(provision(other)).rejects.toThrow(/belongs to merchant 000000000000777/);
  });
});

test("a host's key kept elsewhere is not in the folder, and without it the folder does not open", async () => {
  const hostKeyFile = `${place.folder}.key`;
  await provision({ ...command, hostKeyFile });
  expect(existsSync(join(place.folder, "host.key"))).toBe(false);
  await expect(openHost(place)).rejects.toThrow(/not the host key that sealed it/);
  rmSync(hostKeyFile);
});

test("a damaged key file is refused", async () => {
  await provision(command);
  const content = JSON.parse(readFileSync(file, "utf8")) as KeyFile;
  const otherKey = content.key.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
  for (const change of [{ key: otherKey }, { keyCheckValue: "" }]) {
    writeFileSync(file, JSON.stringify({ ...content, ...change }));
    expect(() => readKeyFile(file)).toThrow(/is not a whole key file/);
  }
  writeFileSync(file, "{");
  expect(() => readKeyFile(file)).toThrow(/is not a whole key file/);
  expect(() => readKeyFile(`${file}.none`)).toThrow(/there is no such file/);
});
