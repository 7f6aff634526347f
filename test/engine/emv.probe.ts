/** A tap alone: command 0 begins one (text: the amount), 1 hands an answer over; the next command or the end goes out. */
import { board } from "../../src/board/console";
import { nextCommand, onAnswer, openTap } from "../../src/proto/emv";
import { chipData, packDigits } from "../../src/proto/emv-card";
import { Kernel, type Tap, type TapApp, TapOutcome, type TapParams } from "../../src/proto/emv-tap";
import { noTlvs, setValue } from "../../src/proto/tlv";

declare const io: { tx(line: string): void };

function app(aid: string, kernel: Kernel): TapApp {
  const ttq = packDigits("26004000");
  return { aid: packDigits(aid), kernel: kernel, limitMinor: 100000, cvmLimitMinor: 5000, ttq: ttq, version: "\0\x02" };
}

function makeParams(): TapParams {
  const data = noTlvs();
  setValue(data, 0x9f1a, "\x01\x56");
  setValue(data, 0x5f2a, "\x01\x56");
  setValue(data, 0x9f33, "\xe0\x40\xc8");
  setValue(data, 0x9f35, "\x22");
  setValue(data, 0x9f1e, "TILLET01");
  const apps = [app("0000000003", Kernel.Three), app("0000000004", Kernel.Two), app("0000000333", Kernel.Seven)];
  for (let i = 0; i < apps.length; i++) apps[i].aid = "\xa0" + apps[i].aid.substr(1);
  return { apps: apps, data: data };
}

const params = makeParams();
let tap: Tap | null = null;

function tell(opened: Tap, outcome: TapOutcome): void {
  const chip = outcome === TapOutcome.Online ? chipData(opened) : "";
  io.tx(JSON.stringify(["x", outcome, opened.cvm, nextCommand(opened), opened.track2, chip]));
}

board.start((happening, value, text) => {
  if ((happening as number) !== 20) return;
  if (value === 0) {
    tap = openTap(params, parseInt(text, 10), "\x26\x11\x23", "\x52\xbf\x45\x85");
    tell(tap, TapOutcome.None);
  } else if (tap) tell(tap, onAnswer(tap, text));
});
