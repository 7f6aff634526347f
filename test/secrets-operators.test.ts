/** PINs of operators come out nowhere: typed at logins and changes, they are kept in flash under a secret, and neither shown, printed nor sent. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TEST_ADMIN_PIN } from "../src/cli/world";
import { Marks } from "./marks";
import { asBytes, hear, type Heard } from "./outputs";
import { openSharedHost, type SharedHost } from "./world";

/** The scripts' PINs of four digits, which stand anywhere, and the same made so long that they stand nowhere else. */
const MARKED: Readonly<Record<string, string>> = {
  "2580": "61830527",
  "4471": "91572638",
  "8520": "35819264",
  "9047": "74026193",
};
const marks = new Marks().addDigits("the admin's first PIN", TEST_ADMIN_PIN);
for (const pin of Object.values(MARKED)) marks.addDigits(`PIN for ${pin.slice(-4)}`, pin);
const search = marks.open();
const marksIn = (data: Uint8Array) => [...new Set(search(data).map(({ mark }) => mark))];

let shared: SharedHost;
let folder: string;
beforeAll(async () => {
  shared = await openSharedHost();
  folder = mkdtempSync(join(tmpdir(), "tillet-operators-"));
});
afterAll(async () => {
  await shared.close();
  rmSync(folder, { recursive: true, force: true });
});

function markedScript(name: string): string {
  const script = readFileSync(join(import.meta.dirname, "scripts", name), "utf8");
  return script.replace(/\{"keys":(\[.*\])\}/g, (_, list: string) => {
    let keys = (JSON.parse(list) as string[]).join("");
    for (const [pin, marked] of Object.entries(MARKED)) keys = keys.replaceAll(pin, marked);
    return JSON.stringify({ keys: [...keys] });
  });
}

/** `typed`: how many of them the script has. Keys are places of a matrix to the firmware: so nothing at all may look like a PIN. */
async function expectNoPins(script: string, typed: number, heard: Promise<Heard>): Promise<void> {
  const { failure, outputs, flashBus, image, sent } = await heard;
  expect(failure).toBe("");
  expect(marksIn(Buffer.from(script.replace(/[^0-9]/g, "")))).toHaveLength(typed);
  for (const { where, data } of outputs) expect(marksIn(data), where).toEqual([]);
  expect(marksIn(flashBus), "to and from flash").toEqual([]);
  expect(marksIn(image), "in flash").toEqual([]);
  expect(marksIn(asBytes("", sent).data), "on the wire").toEqual([]);
}

test("logins, first changes, and operators that are made and changed", async () => {
  const script = markedScript("operators.ndjson");
  await expectNoPins(script, 5, hear(shared, script, "node", mkdtempSync(join(folder, "png-"))));
});

test("the right PIN while it has to wait", async () => {
  const script = markedScript("operators-locked.ndjson");
  await expectNoPins(script, 1, hear(shared, script, "node"));
});
