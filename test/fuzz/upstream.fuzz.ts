/** The stream from a bank: good frames come out in any pieces; anything else ends the connection, and memory is bounded. */
import { answerTpdu, buildOuter, UpstreamError, UpstreamReader } from "../../src/host/upstream";
import { assert, bytes, mutated, noise, pick, pieces } from "./inputs";
import type { Random } from "./runner";

const HEADERS = ["", "603100310730"];

export function fuzz(random: Random): void {
  const sent = { tpdu: "6000030000", header: pick(random, HEADERS) };
  const answer = { ...sent, tpdu: answerTpdu(sent.tpdu) };
  const messages = Array.from({ length: random(5) }, () => Buffer.from(bytes(random, 10 + random(60)), "latin1"));
  const good = Buffer.concat(messages.map((message) => buildOuter(answer, message))).toString("latin1");
  const isGood = random(2) === 0;
  const stream = isGood ? good : random(4) === 0 ? noise(random, 400) : mutated(random, good);
  const reader = new UpstreamReader(sent);
  const found: Buffer[] = [];
  try {
    for (const piece of pieces(random, stream)) {
      found.push(...reader.feed(Buffer.from(piece, "latin1")));
      const { rest } = reader as unknown as { rest: Buffer };
      assert(rest.length < 2 + 2048, "memory", rest.length);
    }
  } catch (error) {
    assert(error instanceof UpstreamError && !isGood, "only what is wrong ends it", stream, String(error));
    return;
  }
  if (isGood) assert(Buffer.concat(found).equals(Buffer.concat(messages)), "all of them", stream);
}
