/** A host's parameters for taps reach the handheld on every engine: a lower limit makes it refuse a tap that it took before. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keepParameters, readTerms } from "../src/host/parameters";
import { readBook } from "../src/sim/journal-image";
import { BARE_ENGINES } from "./engines";
import { openSharedHost, playOn, type SharedHost } from "./world";

const TERMS = readTerms(readFileSync(join(import.meta.dirname, "..", "docs", "parameters.json"), "utf8"));

/** 25.00 after a sign-on, with a card; again after a power cut, without a line to the host. */
const script = (pause: string, said: string) => `
{"wait":5000}
{"expect":{"display":"READY"}}
{"keys":["2","5","00","E"]}
{"tap":"../cards/visa.json"}
${pause}
{"expect":{"display":"${said}"}}
{"untap":true}
{"power":"cut"}
{"link":"down"}
{"power":"on"}
{"wait":3000}
{"keys":["2","5","00","E"]}
{"tap":"../cards/visa.json"}
{"wait":1000}
`;
const TAKEN = script('{"settle":true}', "APPROVED");
const REFUSED = `${script('{"wait":1000}', "Too much for a tap.")}{"expect":{"display":"Too much for a tap."}}\n`;

let shared: SharedHost;
beforeAll(async () => {
  shared = await openSharedHost();
});
afterAll(() => shared.close());

test("without any the built-in limit counts", async () => {
  const { failure, image } = await playOn(shared, TAKEN);
  expect(failure).toBe("");
  expect(readBook(image).parameters).toBeNull();
});

for (const { name: engine, isHere } of [{ name: "node" as const, isHere: true }, ...BARE_ENGINES]) {
  test.skipIf(!isHere)(`a limit of 20.00 is loaded, kept and counts on ${engine}`, async () => {
    const apps = TERMS.apps.map((app) => ({ ...app, limitMinor: 2000, cvmLimitMinor: 2000 }));
    const { store } = shared.host;
    await store.query("delete from tap_parameters");
    const { record } = await store.transact((session) => keepParameters(session, { ...TERMS, apps }));
    await store.query("delete from seed_tap_parameters");
    await store.query("insert into seed_tap_parameters select * from tap_parameters");
    const { failure, agree, image } = await playOn(shared, REFUSED, { engine });
    expect(failure).toBe("");
    expect(agree).toBe(true);
    expect(readBook(image).parameters?.equals(record)).toBe(true);
  });
}
