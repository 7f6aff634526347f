/**
 * A code scanner of the GM65 kind, from its user manual 1.3: section 8.2 and 8.3 read and write "zone bits" (bytes of settings), 8.4
 * saves them, 8.5 lists them. A person holds a code in front of it; it reads what its mode says.
 */

/** 10 bits a byte at 9600 baud. */
const BYTE_MS = 10 / 9.6;
/** Bytes that a UART hands over at once. */
const PIECE_BYTES = 32;
/** From the light to the text. */
const READ_MS = 120;
/** Section 8.2: a command that stands still for so long is none. */
const COMMAND_MS_MAX = 400;

const ZONE = { mode: 0x00, trigger: 0x02, readTime: 0x06, tail: 0x60 } as const;
/** 8.5: in mode 01 the module reads on command. In the others (00 its own key, 10 always, 11 on movement) whoever holds a code there sees to it. */
const COMMAND_MODE = 1;
const TAILS = ["\r", "\r\n", "\t", ""];

type Later = (delayMs: number, run: () => void) => void;

function factoryZones(): Uint8Array {
  const zones = new Uint8Array(256);
  zones[ZONE.mode] = 0xd4;
  zones[ZONE.readTime] = 50;
  zones[ZONE.tail] = 0x01;
  return zones;
}

/** CRC_CCITT bit by bit, as section 8.1 has it. */
function crc(bytes: Buffer): number {
  let value = 0;
  for (const byte of bytes) {
    for (let mask = 0x80; mask; mask >>= 1) {
      value *= 2;
      if (value & 0x10000) value ^= 0x11021;
      if (byte & mask) value ^= 0x1021;
    }
  }
  return value;
}

export class ScannerTwin {
  isPlugged = true;
  zones = factoryZones();
  private saved = factoryZones();
  private command = Buffer.alloc(0);
  private commandNumber = 0;
  private inView: string | null = null;
  /** Counts views and triggers, so that the end of an older one does nothing. */
  private view = 0;
  private trigger = 0;
  /** What waits for the wire, and which supply of power it belongs to. */
  private waiting: string[] = [];
  private supply = 0;

  constructor(
    private readonly say: (bytes: string) => void,
    private readonly later: Later,
  ) {}

  /** Power comes or goes: settings are those that were saved, what was being sent is cut off. */
  plug(isPlugged: boolean): void {
    this.isPlugged = isPlugged;
    this.zones = this.saved.slice();
    this.command = Buffer.alloc(0);
    this.inView = null;
    this.trigger++;
    this.waiting = [];
    this.supply++;
  }

  /** Holds a code in front of the scanner for a while. */
  present(code: string, forMs = 1500): void {
    const view = ++this.view;
    this.inView = code;
    this.later(forMs, () => {
      if (this.view === view) this.inView = null;
    });
    this.look();
  }

  /** Bytes as they are, from a module that has gone mad. */
  babble(bytes: string): void {
    if (this.isPlugged) this.send(bytes, 0);
  }

  feed(bytes: string): void {
    if (!this.isPlugged) return;
    this.command = Buffer.concat([this.command, Buffer.from(bytes, "latin1")]);
    const number = ++this.commandNumber;
    this.later(COMMAND_MS_MAX, () => {
      if (this.commandNumber === number) this.command = Buffer.alloc(0);
    });
    while (this.takeCommand());
  }

  /** True when there may be another one behind it. */
  private takeCommand(): boolean {
    const at = this.command.indexOf(Buffer.from([0x7e, 0x00]));
    if (at < 0) return false;
    const whole = this.command.subarray(at);
    const [, , type = 0, length = 0, high = 0, low = 0] = whole;
    const bodyBytes = 4 + (type === 7 ? 1 : length || 256);
    if (whole.length < 2 + bodyBytes + 2) return false;
    const body = whole.subarray(2, 2 + bodyBytes);
    const check = whole.readUInt16BE(2 + bodyBytes);
    this.command = whole.subarray(2 + bodyBytes + 2);
    // AB CD stands for any check. A wrong one is not answered.
    if (check === crc(body) || check === 0xabcd) this.perform(type, (high << 8) | low, body.subarray(4));
    return true;
  }

  private perform(type: number, address: number, data: Buffer): void {
    if (type === 7) return this.answer(Buffer.from(this.zones.subarray(address, address + (data[0] || 256))));
    if (type === 9) this.saved = this.zones.slice();
    else if (type !== 8) return;
    else this.zones.set(data, address);
    this.answer(Buffer.from([0]));
    if (type === 8 && address <= ZONE.trigger && address + data.length > ZONE.trigger) this.triggered();
  }

  private answer(data: Buffer): void {
    const body = Buffer.concat([Buffer.from([0, data.length & 255]), data]);
    const check = Buffer.alloc(2);
    check.writeUInt16BE(crc(body));
    this.send(Buffer.concat([Buffer.from([2, 0]), body, check]).toString("latin1"), 2);
  }

  private triggered(): void {
    const trigger = ++this.trigger;
    this.later(this.zones[ZONE.readTime] * 100, () => {
      if (this.trigger === trigger) this.zones[ZONE.trigger] &= ~1;
    });
    this.look();
  }

  private look(): void {
    if (!this.isPlugged || this.inView === null) return;
    const onCommand = (this.zones[ZONE.mode] & 3) === COMMAND_MODE;
    if (onCommand && (this.zones[ZONE.trigger] & 1) === 0) return;
    const code = this.inView;
    if (onCommand) this.zones[ZONE.trigger] &= ~1;
    else this.inView = null;
    const tailZone = this.zones[ZONE.tail];
    this.send(code + (tailZone & 1 ? TAILS[(tailZone >> 5) & 3] : ""), READ_MS);
  }

  private send(bytes: string, delayMs: number): void {
    const supply = this.supply;
    this.later(delayMs, () => {
      if (supply !== this.supply) return;
      const isFree = this.waiting.length === 0;
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) this.waiting.push(bytes.slice(at, at + PIECE_BYTES));
      if (isFree) this.sendNext();
    });
  }

  private sendNext(): void {
    const [piece] = this.waiting;
    const supply = this.supply;
    if (piece === undefined) return;
    this.later(Math.ceil(piece.length * BYTE_MS), () => {
      if (supply !== this.supply) return;
      this.waiting.shift();
      this.say(piece);
      this.sendNext();
    });
  }
}
