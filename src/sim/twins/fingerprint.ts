/**
 * A fingerprint module of the R503 kind, from its user manual 1.2.2: chapter IV the packets, chapter V the commands. Fingers are seeds: the
 * same seed is the same finger, no two touches of it are quite alike, and templates match by the features that they share.
 */
import { seededNumbers } from "../random";

const HEAD = Buffer.from("ef01ffffffff", "hex");
const COMMAND = 0x01;
const ACKNOWLEDGE = 0x07;

/** Confirmation codes. */
const CODE = {
  ok: 0x00,
  badPacket: 0x01,
  noFinger: 0x02,
  untidy: 0x06,
  tooFew: 0x07,
  notFound: 0x09,
  notSame: 0x0a,
  noSlot: 0x0b,
  notDeleted: 0x10,
  wrongPassword: 0x13,
  noImage: 0x15,
  notWritten: 0x18,
  mustVerify: 0x21,
} as const;

const FEATURES_OF_FINGER = 40;
const FEATURES_OF_TOUCH = 32;
/** Fewer are not enough for a template. */
const FEATURES_MIN = 12;
const MATCH_MIN = 20;

/** Time from the command to its answer, by instruction code, as recorded of a real module; the rest takes 15 ms. */
const WORK_MS: Record<number, number> = { 0x01: 185, 0x02: 300, 0x04: 47, 0x06: 58, 0x0c: 66, 0x0d: 70 };
const START_MS = 200;

type Features = ReadonlySet<number>;

export interface FingerTwinOptions {
  say: (bytes: string) => void;
  later: (delayMs: number, run: () => void) => void;
  capacity?: number;
  /** Four bytes. */
  password?: string;
  /** The R503 has a light; older modules do not know the command and do not answer it. */
  hasLight?: boolean;
}

export class FingerTwin {
  isPlugged = true;
  /** Templates by slot. */
  readonly library = new Map<number, Features>();
  light = "off";
  /** The flash is worn: nothing can be stored or deleted. */
  isWorn = false;
  private readonly password: string;
  private readonly capacity: number;
  private isVerified: boolean;
  private onGlass: { seed: number; quality: number } | null = null;
  private touchNumber = 0;
  private image: Features | null = null;
  /** Character buffers 1 and 2. */
  private buffers: (Features | null)[] = [null, null, null];
  private received = Buffer.alloc(0);
  private supply = 0;

  constructor(private readonly options: FingerTwinOptions) {
    this.password = options.password ?? "\0\0\0\0";
    this.capacity = options.capacity ?? 100;
    this.isVerified = this.password === "\0\0\0\0";
  }

  // ---- what a person does

  /** `quality`: share of the features that the sensor gets to see, 0 to 1. */
  place(seed: number, quality = 1): void {
    this.touchNumber++;
    this.onGlass = { seed, quality };
  }

  get isTouched(): boolean {
    return this.onGlass !== null;
  }

  lift(): void {
    this.onGlass = null;
  }

  plug(isPlugged: boolean): void {
    this.isPlugged = isPlugged;
    this.supply++;
    this.isVerified = this.password === "\0\0\0\0";
    this.image = null;
    this.buffers = [null, null, null];
    this.received = Buffer.alloc(0);
    // The module says 55 when it has started.
    if (isPlugged) this.after(START_MS, () => this.options.say("\x55"));
  }

  // ---- the wire

  feed(bytes: string): void {
    if (!this.isPlugged) return;
    this.received = Buffer.concat([this.received, Buffer.from(bytes, "latin1")]);
    for (;;) {
      const at = this.received.indexOf(HEAD);
      if (at < 0 || this.received.length < at + 9) return;
      const length = this.received.readUInt16BE(at + 7);
      const end = at + 9 + length;
      if (this.received.length < end) return;
      const packet = this.received.subarray(at, end);
      this.received = this.received.subarray(end);
      this.take(packet);
    }
  }

  private take(packet: Buffer): void {
    if (packet[6] !== COMMAND) return;
    const contents = packet.subarray(9, -2);
    const sum = packet.subarray(6, -2).reduce((total, byte) => (total + byte) & 0xffff, 0);
    const [instruction = 0] = contents;
    const answer =
      sum === packet.readUInt16BE(packet.length - 2) ? this.perform(instruction, contents) : [CODE.badPacket];
    if (answer) this.after(WORK_MS[instruction] ?? 15, () => this.answer(answer));
  }

  private answer(contents: readonly number[]): void {
    const body = [ACKNOWLEDGE, (contents.length + 2) >> 8, (contents.length + 2) & 255, ...contents];
    const sum = body.reduce((total, byte) => total + byte, 0) & 0xffff;
    this.options.say(Buffer.from([...HEAD, ...body, sum >> 8, sum & 255]).toString("latin1"));
  }

  private after(delayMs: number, run: () => void): void {
    const supply = this.supply;
    this.options.later(delayMs, () => {
      if (supply === this.supply && this.isPlugged) run();
    });
  }

  // ---- the commands of chapter V

  private perform(instruction: number, contents: Buffer): readonly number[] | null {
    if (instruction === 0x13) return this.verify(contents.toString("latin1", 1, 5));
    if (!this.isVerified) return [CODE.mustVerify];
    if (instruction === 0x01) return this.takeImage();
    if (instruction === 0x02) return this.takeFeatures(contents[1]);
    if (instruction === 0x04) return this.search(contents[1], contents.readUInt16BE(2), contents.readUInt16BE(4));
    if (instruction === 0x05) return this.combine();
    if (instruction === 0x06) return this.store(contents[1], contents.readUInt16BE(2));
    if (instruction === 0x0c) return this.remove(contents.readUInt16BE(1), contents.readUInt16BE(3));
    if (instruction === 0x0d) return this.remove(0, this.capacity);
    if (instruction === 0x0f) return [CODE.ok, ...this.parameters()];
    if (instruction === 0x1d) return [CODE.ok, this.library.size >> 8, this.library.size & 255];
    if (instruction === 0x35) return this.setLight(contents[1]);
    throw new Error(`fingerprint module: unknown instruction ${instruction.toString(16)}`);
  }

  private verify(password: string): readonly number[] {
    this.isVerified = password === this.password;
    return [this.isVerified ? CODE.ok : CODE.wrongPassword];
  }

  /** Status, system identifier, library size, security level, address, packet size code, baud rate / 9600. */
  private parameters(): readonly number[] {
    return [0, 4, 0, 0, this.capacity >> 8, this.capacity & 255, 0, 3, 255, 255, 255, 255, 0, 2, 0, 6];
  }

  private takeImage(): readonly number[] {
    if (!this.onGlass) return [CODE.noFinger];
    const { seed, quality } = this.onGlass;
    const finger = seededNumbers(seed * 7919 + 1);
    const touch = seededNumbers(this.touchNumber * 104729 + 3);
    const all = Array.from({ length: FEATURES_OF_FINGER }, () => finger(2 ** 20));
    const seen = all.map((feature) => ({ feature, order: touch(2 ** 20) })).sort((a, b) => a.order - b.order);
    const count = Math.floor(FEATURES_OF_TOUCH * quality);
    this.image = new Set(seen.slice(0, count).map(({ feature }) => feature));
    return [CODE.ok];
  }

  private takeFeatures(buffer: number): readonly number[] {
    if (!this.image) return [CODE.noImage];
    if (this.image.size === 0) return [CODE.untidy];
    if (this.image.size < FEATURES_MIN) return [CODE.tooFew];
    this.buffers[buffer] = this.image;
    this.image = null;
    return [CODE.ok];
  }

  private combine(): readonly number[] {
    const [, one, two] = this.buffers;
    if (!one || !two || shared(one, two) < MATCH_MIN) return [CODE.notSame];
    const both = new Set([...one, ...two]);
    this.buffers = [null, both, both];
    return [CODE.ok];
  }

  private store(buffer: number, slot: number): readonly number[] {
    const template = this.buffers[buffer];
    if (slot >= this.capacity) return [CODE.noSlot];
    if (this.isWorn || !template) return [CODE.notWritten];
    this.library.set(slot, template);
    return [CODE.ok];
  }

  private search(buffer: number, start: number, count: number): readonly number[] {
    const wanted = this.buffers[buffer];
    const [best] = [...this.library]
      .filter(([slot]) => wanted && slot >= start && slot < start + count)
      .map(([slot, template]) => ({ slot, score: shared(wanted as Features, template) }))
      .sort((a, b) => b.score - a.score);
    if (!best || best.score < MATCH_MIN) return [CODE.notFound, 0, 0, 0, 0];
    return [CODE.ok, best.slot >> 8, best.slot & 255, best.score >> 8, best.score & 255];
  }

  private remove(start: number, count: number): readonly number[] {
    if (start + count > this.capacity || this.isWorn) return [CODE.notDeleted];
    for (let slot = start; slot < start + count; slot++) this.library.delete(slot);
    return [CODE.ok];
  }

  private setLight(control: number): readonly number[] | null {
    if (!this.options.hasLight) return null;
    this.light = control === 4 || control === 6 ? "off" : "on";
    return [CODE.ok];
  }
}

function shared(one: Features, two: Features): number {
  return [...one].filter((feature) => two.has(feature)).length;
}
