/**
 * The contactless reader PN532, frame for frame: NXP UM0701-02, sections 6.2 (frames, dialog) and 7 (commands). Its three interfaces
 * are in `pn532-port`, the radio in `pn532-field`. Written from the manual, without a look at the driver.
 */
import { type Activation, RfField } from "./pn532-field";

export type Later = (delayMs: number, run: () => void) => void;

/** What the interface does with a frame for the host. */
export type Emit = (frame: string) => void;

const ACK = "\x00\x00\xff\x00\xff\x00";
const SYNTAX_ERROR = "\x7f";
/** 7.1: no answer from the card; the command does not fit (unknown target). */
const STATUS_TIMEOUT = 0x01;
const STATUS_CONTEXT = 0x27;
const MORE = 0x40;
const DATA_IN_MAX = 262;
const PACKET_MAX = 265;
const TRY_FOR_EVER = 0xff;

export interface Pn532Faults {
  /** Swallows so many commands, as if they had never arrived. */
  missed: number;
  /** Leaves out the ACK of so many commands. */
  ackless: number;
  /** Answers so many commands with the error frame. */
  syntaxErrors: number;
  /** Acknowledges, and then never answers, so many commands. */
  hung: number;
  /** Works so much longer on each command. */
  slowMs: number;
  /** Status of the next InDataExchange. */
  status: number | null;
}

/** What a command gives back after its status or code. Null: not understood. */
interface Answer {
  data: string;
  workMs: number;
  /** The card that has to be there until then. */
  from?: Activation;
}

export class Pn532Chip {
  readonly field: RfField;
  readonly faults: Pn532Faults = { missed: 0, ackless: 0, syntaxErrors: 0, hung: 0, slowMs: 0, status: null };
  /** From a command to its ACK; 15 ms at most. */
  ackMs = 1;
  /** Codes of the commands that were run, for tests. */
  readonly commands: number[] = [];
  /** In low battery mode until the SAM is configured (AN10609, "Low battery mode"). */
  private isSetUp = false;
  private retries = TRY_FOR_EVER;
  private targets: Activation[] = [];
  private lastAnswer = "";
  /** Parts of an APDU to the card, and of the card's answer, that still wait (7.4.5). */
  private sent = "";
  private received = "";
  /** Counts commands; what an earlier one has planned does not happen. */
  private run = 0;

  constructor(
    private readonly later: Later,
    nowMs: () => number,
    private readonly emit: Emit,
  ) {
    this.field = new RfField(nowMs);
  }

  /** Power came. */
  reset(): void {
    this.run++;
    this.isSetUp = false;
    this.retries = TRY_FOR_EVER;
    this.targets = [];
    this.lastAnswer = "";
    this.sent = "";
    this.received = "";
    this.field.setOn(false);
  }

  /** A frame from the host, which the interface found: an ACK, a NACK, or TFI and data. */
  hear(what: "ack" | "nack" | "data", data: string): void {
    if (what === "nack") {
      if (this.lastAnswer) this.plan(this.ackMs, () => this.emit(this.lastAnswer));
    } else if (what === "ack") {
      this.run++;
    } else if (data.startsWith("\xd4") && data.length > 1) {
      this.begin(data.charCodeAt(1), data.slice(2));
    }
  }

  private plan(delayMs: number, act: () => void): void {
    const run = this.run;
    this.later(delayMs, () => {
      if (run === this.run) act();
    });
  }

  private begin(code: number, parameters: string): void {
    if (this.take("missed") || (!this.isSetUp && code !== 0x14)) return;
    this.run++;
    this.lastAnswer = "";
    this.commands.push(code);
    if (!this.take("ackless")) this.plan(this.ackMs, () => this.emit(ACK));
    if (this.take("hung")) return;
    const answer = this.take("syntaxErrors") ? null : this.perform(code, parameters);
    if (answer === "never") return;
    const head = `\xd5${String.fromCharCode(code + 1)}`;
    this.plan(this.ackMs + this.faults.slowMs + (answer?.workMs ?? 1), () => {
      const lost = answer?.from && !this.field.isThere(answer.from) ? answer.from : null;
      if (!answer) this.say(SYNTAX_ERROR);
      else if (!lost) this.say(head + answer.data);
      else this.plan(this.field.silenceMs(lost), () => this.say(head + String.fromCharCode(STATUS_TIMEOUT)));
    });
  }

  private say(data: string): void {
    this.lastAnswer = frameOf(data);
    this.emit(this.lastAnswer);
  }

  private take(fault: "missed" | "ackless" | "syntaxErrors" | "hung"): boolean {
    if (this.faults[fault] === 0) return false;
    this.faults[fault]--;
    return true;
  }

  private perform(code: number, parameters: string): Answer | null | "never" {
    const first = parameters.charCodeAt(0);
    if (code === 0x02) return { data: "\x32\x01\x06\x07", workMs: 1 };
    if (code === 0x14) return this.configureSam(parameters);
    if (code === 0x32) return this.configureRf(first, parameters.slice(1));
    if (code === 0x4a) return this.list(first, parameters.charCodeAt(1), parameters.slice(2));
    if (code === 0x40 && parameters) return this.exchange(first, parameters.slice(1));
    if (code === 0x52 && parameters.length === 1) return this.release(first);
    return null;
  }

  private configureSam(parameters: string) {
    if (!/^\x01[^]{0,2}$/.test(parameters)) return null;
    this.isSetUp = true;
    return { data: "", workMs: 1 };
  }

  private configureRf(item: number, value: string) {
    if (item === 1 && value.length === 1) {
      this.field.setOn((value.charCodeAt(0) & 1) === 1);
      if (!this.field.isOn) this.targets = [];
    } else if (item === 5 && value.length === 3) {
      this.retries = value.charCodeAt(2);
    } else {
      return null;
    }
    return { data: "", workMs: 1 };
  }

  /** InListPassiveTarget: at most two, 106 kbit/s type A or B. Without a card it is tried again, at the worst for ever. */
  private list(most: number, rate: number, initiatorData: string) {
    const type = rate === 0 ? "A" : rate === 3 ? "B" : null;
    if (most < 1 || most > 2 || !type || initiatorData.length !== (type === "A" ? 0 : 1)) return null;
    this.sent = "";
    this.received = "";
    const { found, workMs } = this.field.list(type, most);
    this.targets = found;
    if (found.length === 0 && this.retries === TRY_FOR_EVER) return "never";
    const data = found.map(({ description }, index) => String.fromCharCode(index + 1) + description).join("");
    return {
      data: String.fromCharCode(found.length) + data,
      workMs: found.length ? workMs : workMs * (this.retries + 1),
    };
  }

  private exchange(target: number, dataOut: string): Answer {
    const activation = this.targets[(target & 0x3f) - 1];
    const status = this.faults.status ?? (activation ? 0 : STATUS_CONTEXT);
    this.faults.status = null;
    if (!activation || status || dataOut.length > DATA_IN_MAX) {
      return { data: String.fromCharCode(status || STATUS_CONTEXT), workMs: 1 };
    }
    if (this.received) return this.deliver(activation, 1);
    this.sent += dataOut;
    const sentMs = this.field.transferMs(activation, dataOut.length);
    if (target & MORE) return { data: "\0", workMs: sentMs, from: activation };
    const apdu = this.sent;
    this.sent = "";
    const answer = this.field.isThere(activation) ? activation.card.answer(apdu) : null;
    if (!answer) return { data: String.fromCharCode(STATUS_TIMEOUT), workMs: this.field.silenceMs(activation) };
    this.received = answer.text;
    return this.deliver(activation, sentMs + answer.workMs + this.field.transferMs(activation, answer.text.length));
  }

  /** As much of the card's answer as fits. */
  private deliver(from: Activation, workMs: number): Answer {
    const part = this.received.slice(0, DATA_IN_MAX);
    this.received = this.received.slice(DATA_IN_MAX);
    return { data: (this.received ? "\x40" : "\0") + part, workMs, from };
  }

  private release(target: number) {
    const known = target === 0 || this.targets[target - 1];
    if (known) for (const each of this.targets) this.field.halt(each);
    this.targets = [];
    return { data: known ? "\0" : String.fromCharCode(STATUS_CONTEXT), workMs: 3 };
  }
}

const low = (sum: number): string => String.fromCharCode(sum & 255);
const sumOf = (bytes: string): number => Buffer.from(bytes, "latin1").reduce((sum, byte) => sum + byte, 0);

/** 6.2.1.1 and 6.2.1.2: always the shortest kind. */
export function frameOf(data: string): string {
  const { length } = data;
  if (length > PACKET_MAX) throw new Error(`PN532: a packet of ${length} bytes`);
  const head = length < 256 ? low(length) : `\xff\xff${low(length >> 8)}${low(length)}`;
  const check = low(-(length >> 8) - length);
  return `\x00\x00\xff${head}${check}${data}${low(-sumOf(data))}\x00`;
}

/** Takes the frames out of a stream of the host's bytes; gives back what is not whole yet. A wrong frame is passed over. */
export function takeFrames(stream: string, hear: Pn532Chip["hear"]): string {
  for (;;) {
    const start = stream.indexOf("\x00\xff");
    if (start < 0) return stream.endsWith("\x00") ? "\x00" : "";
    const rest = stream.slice(start + 2);
    const code = (at: number) => rest.charCodeAt(at);
    if (rest.length < 2) return stream.slice(start);
    const isLong = rest.startsWith("\xff\xff");
    if (rest.startsWith("\x00\xff") || rest.startsWith("\xff\x00")) {
      hear(code(0) === 0 ? "ack" : "nack", "");
      stream = rest.slice(2);
      continue;
    }
    const headBytes = isLong ? 5 : 2;
    if (rest.length < headBytes) return stream.slice(start);
    const length = isLong ? code(2) * 256 + code(3) : code(0);
    const isHead = ((isLong ? code(2) + code(3) + code(4) : code(0) + code(1)) & 255) === 0;
    if (!isHead || length === 0 || length > PACKET_MAX) {
      stream = stream.slice(start + 1);
      continue;
    }
    const packet = rest.slice(headBytes, headBytes + length + 1);
    if (packet.length <= length) return stream.slice(start);
    if ((sumOf(packet) & 255) === 0) hear("data", packet.slice(0, -1));
    stream = rest.slice(headBytes + length + 1);
  }
}
