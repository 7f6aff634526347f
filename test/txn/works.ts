/** The works of the terminal on a board that only remembers, with flash and display twins: a test plays time, network and host. */
import nacl from "tweetnacl";
import { type Board, Happening, Port } from "../../src/board/board";
import { testKey } from "../../src/host/keys";
import { openDisplay } from "../../src/drivers/display";
import { seededBytes } from "../../src/sim/random";
import { boot } from "../../src/sim/twins/boot";
import { DisplayTwin } from "../../src/sim/twins/display";
import { FlashTwin } from "../../src/sim/twins/flash";
import { trackBits } from "../../src/sim/twins/magstripe";
import { NetState } from "../../src/txn/link";
import { onHappening } from "../../src/txn/terminal";
import { Timer } from "../../src/txn/timers";
import { openWorks } from "../../src/txn/power-on";
import type { Works } from "../../src/txn/works";
import { type FakeBoard, fakeBoard } from "../drivers/fake-board";
import {
  type Fields,
  networkFields,
  packMessage,
  type SealedRequest,
  TestTerminal,
  unpackMessage,
} from "../host/terminal";
import { NATIVES } from "../natives";
import { newImage } from "../world";

export const TID = "00000001";
export const TRACK2 = ";4761739001010010=28122011143800000000?";

/** The host's X25519 keys. */
export const HOST_PAIR = nacl.box.keyPair.fromSecretKey(Buffer.from(seededBytes(25519)(32), "latin1"));

/** What the host sends along with a sign-on: fresh bytes and its public key. */
export function keysOf(fresh: Uint8Array, hostKey: Uint8Array = HOST_PAIR.publicKey): Fields {
  return { 62: Buffer.concat([fresh, hostKey]).toString("latin1") };
}

export class WorksBench {
  readonly board: FakeBoard;
  readonly works: Works;
  readonly flash: FlashTwin;
  nowMs = 0;
  /** What the host knows: walks along with the terminal's chain. */
  readonly known: TestTerminal;
  /** Flash reads that are not answered yet. */
  readonly reads: string[] = [];
  private readonly display = new DisplayTwin();

  /** Power is on and the boot screen has passed; no connection yet. The board starts from a slot where the image has one. */
  constructor(image: Uint8Array = newImage()) {
    this.flash = new FlashTwin(image);
    this.known = new TestTerminal(TID, testKey(TID));
    const random = seededBytes(7);
    const twin: Board["flash"] = {
      read: (address, byteCount) => this.reads.push(this.flash.read(address, byteCount)),
      write: (address, text) => this.flash.write(address, text),
      erase: (address) => this.flash.erase(address),
    };
    this.board = {
      ...fakeBoard(),
      flash: twin,
      nowMs: () => this.nowMs,
      random: () => Buffer.from(random(2), "latin1").readUInt16BE(0),
    };
    this.works = openWorks(this.board, NATIVES, openDisplay(this.board), () => null);
    this.happen(Happening.PowerOn, 0, boot(this.flash));
    this.happen(Happening.Timer, Timer.State, "");
  }

  /** One thing, and everything that flash has to say to it. */
  happen(happening: Happening, value: number, text: string): void {
    onHappening(this.works, happening, value, text);
    while (this.reads.length > 0) onHappening(this.works, Happening.Flash, 0, this.reads.shift() as string);
  }

  connect(): void {
    this.happen(Happening.Net, NetState.Open, "");
  }

  disconnect(): void {
    this.happen(Happening.Net, NetState.Closed, "");
  }

  /** Its time has come, if it is armed. */
  fire(timer: Timer): void {
    const delayMs = this.board.timers.get(timer);
    if (delayMs === undefined) throw new Error(`timer ${timer} is not armed`);
    this.board.timers.delete(timer);
    this.nowMs += delayMs;
    this.happen(Happening.Timer, timer, "");
  }

  press(keys: string): void {
    this.happen(Happening.Uart, Port.Keypad, keys);
  }

  /** The card's request leaves, if the connection is there. */
  swipe(): void {
    this.happen(Happening.Bits, 2, trackBits(2, TRACK2));
    this.fire(Timer.Swipe);
  }

  rows(): string[] {
    this.display.feed(this.board.written[Port.Display] as string);
    this.board.written[Port.Display] = "";
    return this.display.rows();
  }

  title(): string {
    return this.rows()[1] as string;
  }

  /** A pause in which all that nobody waits for gets done. */
  rest(): void {
    for (let steps = 0; this.board.timers.has(Timer.Ahead); steps++) {
      if (steps > 100) throw new Error("work ahead has no end");
      this.fire(Timer.Ahead);
    }
  }

  /** Lines that went to the host since the last call, after such a pause. */
  asked(): string[] {
    this.rest();
    return this.sent();
  }

  /** Lines that went to the host since the last call. */
  sent(): string[] {
    return this.board.calls
      .splice(0)
      .filter((call) => call.startsWith("net "))
      .map((call) => call.slice(4).trimEnd());
  }

  /** The request on the wire as the host opens it, by walking on with what it knows. */
  opened(line: string): { request: SealedRequest; fields: Fields } {
    const bytes = Buffer.from(line, "base64");
    const counter = bytes.readUInt32BE(9);
    this.known.skip(counter - this.known.counter);
    const request = this.known.seal("");
    return { request, fields: unpackMessage(this.known.openRequest(line, request)) };
  }

  /** The host's answer, as bytes on the wire. */
  answer(request: SealedRequest, message: string): string {
    return `${this.known.answerTo(request, message)}\n`;
  }

  /** The host's answer to a sign-on (001) or an echo (301), given at 12:34:56 on 5 March 2026. */
  networkAnswer(request: SealedRequest, changes: Fields = {}, code = "001"): string {
    const fields = { ...networkFields(TID, code), 12: "123456", 13: "0305", 39: "00", 63: "2026", ...changes };
    const kept = Object.entries(fields).filter(([, value]) => value !== "");
    return this.answer(request, packMessage("0810", Object.fromEntries(kept)));
  }

  /** The host's answer to the one request that goes out now; gives its field 60. */
  answered(code: string, changes: Fields): string {
    const [line = "", ...more] = this.asked();
    if (line === "" || more.length > 0)
      throw new Error(`one request wanted, there are ${more.length + Number(line !== "")}`);
    const { request, fields } = this.opened(line);
    this.hear(this.networkAnswer(request, changes, code));
    return fields[60] ?? "";
  }

  /** Connects and signs on; both have the new chain. */
  signOn(fresh: Uint8Array, changes: Fields = {}): void {
    this.connect();
    const { request } = this.opened(this.asked()[0] as string);
    this.hear(this.networkAnswer(request, { ...keysOf(fresh), ...changes }));
    this.rotate();
    this.known.rotate(fresh);
  }

  /** A pause in which the terminal comes to the chain that it was answered with, and no longer. */
  rotate(): void {
    while (this.works.signOn.asked?.keys) this.fire(Timer.Ahead);
  }

  hear(bytes: string): void {
    this.happen(Happening.Net, NetState.Bytes, bytes);
  }
}
