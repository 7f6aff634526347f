/** Scripts: every mistake in one is named with its line and what would be right; what is right is played. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseScript, ScriptError } from "../../src/sim/script";
import { openSharedHost, playOn, type SharedHost } from "../world";

describe("lines", () => {
  test("are one input each, with their numbers; comments and empty ones are passed over", () => {
    expect(parseScript('# a sale\n\n{"key":"1"}\n   # more\n\t\n {"wait":5} \n')).toEqual([
      { line: 3, input: { key: "1" } },
      { line: 6, input: { wait: 5 } },
    ]);
  });

  test("may end in CR LF", () => {
    expect(parseScript('{"key":"1"}\r\n\r\n{"key":"2"}\r\n')).toEqual([
      { line: 1, input: { key: "1" } },
      { line: 3, input: { key: "2" } },
    ]);
  });

  test.each([
    ['{"key":"1"', "this is not JSON"],
    ["key 1", "this is not JSON"],
    ["{}", 'one JSON object with one input is wanted, such as {"key":"1"}'],
    ['{"key":"1","wait":5}', "one JSON object with one input is wanted"],
    ['["key"]', "one JSON object with one input is wanted"],
    ['"key"', "one JSON object with one input is wanted"],
    ["null", "one JSON object with one input is wanted"],
    ["7", "one JSON object with one input is wanted"],
  ])("such as %s cannot be read", (raw, message) => {
    expect(() => parseScript(`# first\n${raw}`)).toThrow(new RegExp(`^line 2: ${message.replace(/[{}]/g, "\\$&")}`));
  });
});

describe("playing", () => {
  let shared: SharedHost;
  beforeAll(async () => {
    shared = await openSharedHost();
  });
  afterAll(() => shared.close());

  test.each([
    ['{"kee":"1"}', 'unknown input "kee"; known are key, keys, hold, swipe,'],
    ['{"tap":"no-such-card.json"}', "there is no card file no-such-card.json"],
    ['{"tap":{"card":"a.json","leavesAfter":-1}}', 'tap takes "FILE" or'],
    ['{"tap":7}', 'tap takes "FILE" or'],
    ['{"untap":1}', "untap takes true"],
    ['{"finger":1}', 'there is no fingerprint sensor: {"settings":{"finger":"r503",'],
    ['{"toString":1}', 'unknown input "toString"; known are'],
    ['{"key":"X"}', 'key must be one of 0 1 2 3 4 5 6 7 8 9 00 . E C B F U D, not "X"'],
    ['{"key":1}', "key must be one of 0 1 2 3 4 5 6 7 8 9 00 . E C B F U D, not 1"],
    ['{"keys":"12"}', 'keys must be a list, such as ["1","2","E"]'],
    ['{"keys":["1",""]}', 'not ""'],
    ['{"swipe":{}}', 'swipe takes {"t1":"%B...?","t2":";...?","t3":";...?"}'],
    ['{"swipe":null}', 'swipe takes {"t1":"%B...?","t2":";...?","t3":";...?"}'],
    ['{"swipe":";4761?"}', 'swipe takes {"t1":"%B...?","t2":";...?","t3":";...?"}'],
    ['{"swipe":{"t4":";4761?"}}', 'swipe takes {"t1":"%B...?","t2":";...?","t3":";...?"}'],
    ['{"swipe":{"t2":4761}}', 'swipe takes {"t1":"%B...?","t2":";...?","t3":";...?"}'],
    ['{"swipe":{"t2":";1?","flip":3}}', '"flip":[bit,...]'],
    ['{"swipe":{"t2":";1?","flip":[0.5]}}', '"flip":[bit,...]'],
    ['{"swipe":{"t1":"%B1?","flip":[1]}}', '"flip":[bit,...]'],
    ['{"swipe":{"t2":";1?","flip":[-1]}}', "bit -1 is none of the track's 64"],
    ['{"swipe":{"t2":";1?","flip":[0,64]}}', "bit 64 is none of the track's 64"],
    ['{"swipe":{"t2":";1?","drop":[64]}}', "bit 64 is none of the track's 64"],
    ['{"swipe":{"t2":";1?","double":3}}', '"flip":[bit,...]'],
    ['{"swipe":{"t2":";1?","late":-1}}', "no swipe begins before the card"],
    ['{"swipe":{"t2":";1?","back":1}}', '"back":true'],
    ['{"swipe":{"t2":";1?","by":"hand"}}', '"by":"uart"'],
    ['{"hold":{"key":"F"}}', "ms must be whole milliseconds from 0 to 86400000, not undefined"],
    ['{"hold":{"key":"F","ms":5,"x":1}}', 'hold takes {"key":"F","ms":1000}'],
    ['{"battery":"low"}', 'battery must be whole millivolts from 0 to 6000, not "low"'],
    ['{"swipe":{"t2":";ABC?"}}', 'track 2 cannot hold "A"'],
    ['{"paper":"wet"}', 'paper must be one of out low ok, not "wet"'],
    ['{"link":"slow"}', 'link must be one of down up, not "slow"'],
    ['{"link":{"answerMs":-1}}', "answerMs must be whole milliseconds from 0 to 86400000, not -1"],
    ['{"power":"off"}', 'power must be one of cut on, not "off"'],
    ['{"wait":"5"}', 'wait must be whole milliseconds from 0 to 86400000, not "5"'],
    ['{"wait":0.5}', "wait must be whole milliseconds from 0 to 86400000, not 0.5"],
    ['{"wait":86400001}', "wait must be whole milliseconds from 0 to 86400000, not 86400001"],
    ['{"expect":{}}', 'expect takes {"display":"TEXT"} or {"printed":"TEXT"}'],
    ['{"expect":"READY"}', "expect"],
    ['{"expect":{"beep":"ok"}}', 'expect must be one of display printed, not "beep"'],
    ['{"expect":{"display":5}}', "expect takes a text, not 5"],
  ])("stops at %s", async (raw, message) => {
    const playing = playOn(shared, `{"wait":1}\n${raw}\n{"key":"1"}`);
    await expect(playing).rejects.toThrow(ScriptError);
    await expect(playing).rejects.toThrow(/^line 2: /);
    await expect(playing).rejects.toThrow(message);
  });

  test("cannot wait for rest without power", async () => {
    const playing = playOn(shared, '{"power":"cut"}\n{"settle":true}');
    await expect(playing).rejects.toThrow("line 2: settle: the power is off");
  });

  test.each([
    ['{"expect":{"display":"SOLD"}}', 'display: "SOLD" wanted, there is ["Linked TEST       78%","READY"'],
    ['{"expect":{"printed":"SOLD"}}', 'printed: "SOLD" wanted, there is []'],
  ])("ends at %s with what there was instead", async (raw, message) => {
    const { failure, events } = await playOn(shared, `{"wait":1}\n${raw}\n{"key":"1"}`);
    expect(failure.startsWith(`line 2: ${message}`)).toBe(true);
    expect(events.filter((event) => "beep" in event)).toEqual([]);
  });

  test("waits for a rest that never comes no longer than 20 minutes", async () => {
    const script = [
      '{"keys":["1","E"]}',
      '{"swipe":{"t2":";4761739001010010=28122011143800000000?"}}',
      '{"link":"down"}',
      '{"settle":true}',
    ];
    const { failure } = await playOn(shared, script.join("\n"));
    expect(failure).toBe("line 4: settle: not at rest after 1200000 ms; the sale is still being undone");
  });

  test("every input that is known", async () => {
    const script = `
      {"keys":["1","00","B",".","U","D","F","C"]}
      {"swipe":{"t1":"%B4761739001010010^TEST/CARD^28122011143800000000?","t2":";4761739001010010=28122011143800000000?","flip":[30]}}
      {"swipe":{"t3":";1?","back":true}}
      {"swipe":{"t2":";1?","drop":[30],"double":[31],"late":2,"early":2,"by":"head"}}
      {"swipe":{"t1":"%B1?","by":"uart"}}
      {"hold":{"key":"F","ms":1000}}
      {"key":"C"}
      {"battery":4000}
      {"paper":"low"}
      {"paper":"ok"}
      {"link":"down"}
      {"link":"up"}
      {"link":{"answerMs":5}}
      {"power":"cut"}
      {"key":"1"}
      {"power":"on"}
      {"wait":0}
      {"settle":true}
      {"expect":{"display":"READY"}}`;
    expect(await playOn(shared, script)).toMatchObject({ failure: "", agree: true });
  });
});
