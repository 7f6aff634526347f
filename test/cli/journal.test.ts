/** `tillet journal`: what an image says in words, that it gives nothing away, and what it says of a file that is none. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listJournal, NoImage } from "../../src/cli/journal";
import { testKey } from "../../src/host/keys";
import { FACTORY_TID } from "../../src/cli/world";
import { offset } from "../../src/sim/twins/flash";
import { almostFull } from "../images";
import { newImage, openSharedHost, playOn, type SharedHost } from "../world";

const JOURNAL = 0x310000;

let shared: SharedHost;
beforeAll(async () => {
  shared = await openSharedHost();
});
afterAll(() => shared.close());

const playStory = (name: string) =>
  playOn(shared, readFileSync(join(import.meta.dirname, "..", "scripts", name), "utf8"));

test("a new terminal", () => {
  const { lines, problems } = listJournal(newImage());
  expect(problems).toEqual([]);
  expect(lines.slice(0, 3)).toEqual([
    "settings",
    "  terminal 00000001, merchant 000000000000001 TILLET CORNER, Market Street 1, Exampletown",
    "  currency EUR, test keys, tap=hsu, pin=4, sleep=0",
  ]);
  expect(lines).toContain("    000 P page 1, batch 000001, next STAN 000001");
  expect(lines).toContain("  nothing is open");
  expect(lines.at(-1)).toBe("  present, the next is number 1; 1 slot in use");
});

test("a day with a sale, its void and a second sale that was undone: masked, without a key", async () => {
  const { image } = await playStory("void.ndjson");
  const { lines, problems } = listJournal(image);
  const text = lines.join("\n");
  expect(problems).toEqual([]);
  expect(text).toMatch(/S 000001 sale 12\.50 476173\*{6}0010/);
  expect(text).toMatch(/A 000001 approved, RRN [0-9]{12}, code [0-9]{6}, 2026-01-05 12:00:/);
  expect(text).toMatch(/S 00000[0-9] void 12\.50 476173/);
  expect(text).toMatch(/debits 1, 12\.50; credits 1, 12\.50/);
  expect(text.replace("000000000000001", "")).not.toMatch(/[0-9]{13}|4761739/);
  expect(text).toContain("K key, wiped");
  expect(text).toMatch(/key of the link\n {2}present, counter [0-9]+/);
  for (const key of [testKey(FACTORY_TID)]) expect(text).not.toContain(Buffer.from(key).toString("hex").slice(0, 8));
});

test("what is open, and a record that is torn", async () => {
  const { image } = await playOn(
    shared,
    '{"keys":["1","2","5","0","E"]}\n{"swipe":{"t2":";4761739001010010=28122011143800000000?"}}\n{"wait":100}\n{"link":"down"}\n{"wait":30000}',
  );
  const { lines } = listJournal(image);
  expect(lines.join("\n")).toMatch(/000001 sale 12\.50: no outcome yet\n {2}not at rest/);
  const at = offset(JOURNAL, 1) + 89 + 20;
  image[at] = (image[at] as number) ^ 1;
  const torn = listJournal(image);
  expect(torn.lines.join("\n")).toContain("K torn: its CRC does not match");
});

test("what waits for the link, also at the head of the next page", async () => {
  const image = almostFull(newImage({ floor: 2000 }), 700);
  const script =
    '{"link":"down"}\n{"wait":1000}\n' +
    '{"keys":["5","0","0","E"]}\n{"swipe":{"t2":";4761739001010010=28121011143800000000?"}}\n{"wait":3000}\n{"key":"C"}\n'.repeat(
      3,
    );
  const { lines } = listJournal((await playOn(shared, script, { image })).image);
  const text = lines.join("\n");
  expect(text).toMatch(/W waiting for the link: 000001, 000002\n/);
  expect(text.match(/00000[1-3] offline sale 5\.00: no outcome yet/g)).toHaveLength(3);
});

test("lost settings and lost keys are said", () => {
  const image = newImage();
  image.fill(0, 0, 8);
  expect(listJournal(image).problems).toEqual(["one of the two copies of the settings cannot be read"]);
  image.fill(0, 4096, 4104);
  image.fill(0, offset(JOURNAL, 1) + 89, offset(JOURNAL, 1) + 137);
  expect(listJournal(image).problems).toEqual([
    "neither copy of the settings can be read",
    "journal: no page with a head and a key",
  ]);
});

test.each([
  [new Uint8Array(10), "10 bytes: an image of a terminal's flash has 73728"],
  [newImage().fill(0xff), "all of it is erased: no terminal was ever provisioned here"],
])("a file that is no image", (bytes, message) => {
  expect(() => listJournal(bytes)).toThrow(new NoImage(message));
});
