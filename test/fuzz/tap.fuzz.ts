/**
 * The contactless reader as the terminal has it, against a device and cards that say anything: one tap from the first look to its end.
 * Nothing is thrown, a timer is always armed until the end, the end has a name, and what becomes a sale is whole. Whether a cryptogram is
 * good is the issuer's to say (`emv`).
 */
import { Happening, Port } from "../../src/board/board";
import { openDisplay } from "../../src/drivers/display";
import { plain } from "../../src/proto/plain";
import { frameOf } from "../../src/sim/twins/pn532";
import { typeACard } from "../../src/sim/twins/pn532-card";
import { askReader, goOn, onReader, openReader } from "../../src/txn/reader";
import { Event, Notice, State } from "../../src/txn/state";
import { Timer } from "../../src/txn/timers";
import { openWorks } from "../../src/txn/power-on";
import { fakeBoard } from "../drivers/fake-board";
import { CARD_NAMES, cardOf } from "../proto/tap-desk";
import { settings } from "../txn/samples";
import { assert, mutated, noise, pick } from "./inputs";
import type { Random } from "./runner";

const ACK = "\0\0\xff\0\xff\0";
const STEPS_MAX = 60;
const CARD = typeACard();
const LISTED = `\x01\x01${CARD.atqa}${String.fromCharCode(CARD.sak, CARD.uid.length)}${CARD.uid}${CARD.ats}`;
const AMOUNTS = [1, 4000, 5001, 100001];

const board = { ...fakeBoard(), uart: (_: Port, text: string) => void (sent += text) };
const works = openWorks(board, plain, openDisplay(board), () => null);
works.t.settings = settings({ tap: "hsu" });
works.t.month = "2601";
let sent = "";

/** What each card says to the commands of one tap with one amount: a cryptogram costs more than all the rest. */
const known = new Map<string, string>();

function answerOf(name: string, said: readonly string[]): string {
  const key = name + said.join("");
  let answer = known.get(key);
  if (answer === undefined) {
    const card = cardOf(name);
    for (const apdu of said) answer = card.exchange(apdu);
    if (known.size < 2000) known.set(key, answer as string);
  }
  return answer as string;
}

/** What the device answers to the command that it was sent last. */
function reply(random: Random, name: string, said: string[], isHonest: boolean): string {
  const start = sent.lastIndexOf("\xd4");
  const code = sent.charCodeAt(start + 1);
  const head = `\xd5${String.fromCharCode(code + 1)}`;
  if (code === 0x02) return `${head}\x32\x01\x06\x07`;
  if (code === 0x4a) {
    const isTypeA = sent.charCodeAt(start + 3) === 0;
    const listed = isTypeA ? LISTED : "\0";
    return head + (isHonest || random(30) ? listed : random(2) ? mutated(random, LISTED) : `\x02${LISTED.slice(1)}`);
  }
  if (code !== 0x40) return head;
  // Target, then the APDU, then checksum and postamble.
  said.push(sent.slice(start + 3, -2));
  if (!isHonest && random(20) === 0) return `${head}${String.fromCharCode(random(64))}`;
  const answer = isHonest || random(12) ? answerOf(name, said) : noise(random, 255);
  return `${head}\0${isHonest || random(3) ? answer : mutated(random, answer).slice(0, 260)}`;
}

export function fuzz(random: Random): void {
  const { t } = works;
  const name = pick(random, CARD_NAMES);
  const isHonest = random(10) === 0;
  const said: string[] = [];
  Object.assign(t, { state: State.Card, amountMinor: pick(random, AMOUNTS), notice: Notice.None, txn: null });
  Object.assign(t, { track2: "", chipData: "", canTakePin: random(4) > 0 });
  board.timers.clear();
  sent = "";
  works.queue.length = 0;
  const reader = openReader(works);
  const hear = (happening: Happening, value: number, text: string): Event =>
    onReader(reader, happening, value, text) || goOn(reader);
  let event: Event = Event.None;
  let steps = 0;
  while (event === Event.None && steps++ < STEPS_MAX) {
    assert(board.timers.has(Timer.Nfc) || board.timers.has(Timer.Tap), "waits without a timer");
    if (sent === "") {
      const timer = board.timers.has(Timer.Tap) ? Timer.Tap : Timer.Nfc;
      board.timers.delete(timer);
      event = hear(Happening.Timer, timer, "");
      continue;
    }
    const heard = ACK + frameOf(reply(random, name, said, isHonest).slice(0, 265));
    sent = "";
    event = hear(Happening.Uart, Port.Nfc, isHonest || random(20) ? heard : mutated(random, heard));
  }
  assert(said.length < 26, "commands without end", said.length);
  check(event);
  askReader(reader, false);
  assert(!board.timers.has(Timer.Nfc) && !board.timers.has(Timer.Tap), "no timer is left");
}

function check(event: Event): void {
  const { t } = works;
  const isSale = event === Event.Swiped || event === Event.PinWanted;
  assert(isSale || event === Event.Unread || event === Event.Barred || event === Event.None, "an end", event);
  if (isSale) {
    const digits = /^([0-9]{12,19})=([0-9]{4})[0-9]{3,}$/.exec(t.track2);
    assert(digits !== null && (digits[2] as string) >= "2601", "track 2", t.track2);
    assert(t.chipData.length > 80 && t.chipData.length <= 180, "chip data", t.chipData);
    assert(t.txn !== null && /^[012]( {3}|[0-9]{3})/.test(t.txn.entry), "an entry", t.txn);
    assert(event === Event.Swiped || t.canTakePin, "a PIN where none can be taken");
    assert(t.amountMinor <= 100000, "over the limit");
  } else {
    assert(t.track2 === "" && t.chipData === "" && t.txn === null, "nothing is kept of a card that failed");
    assert(event === Event.None || t.notice !== Notice.None, "a reason");
  }
}
