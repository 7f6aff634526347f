/**
 * An ESP32 in download mode, from Espressif's "Serial Protocol" (esptool documentation): SLIP frames, the ROM loader's commands, and those
 * of the flasher stub once one was started in RAM. Flash is NOR: writes clear bits, `DEFL_BEGIN` lets the stub erase sectors as
 * it comes to them. Strict: a length or checksum that does not fit is answered with an error, as on the chip.
 */
import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";

export const END = 0xc0;
const ESC = 0xdb;
const SECTOR = 4096;

/** Commands by number, as the document names them. */
export const COMMAND = {
  flashBegin: 0x02,
  memBegin: 0x05,
  memEnd: 0x06,
  memData: 0x07,
  sync: 0x08,
  writeReg: 0x09,
  readReg: 0x0a,
  spiAttach: 0x0d,
  changeBaud: 0x0f,
  deflBegin: 0x10,
  deflData: 0x11,
  deflEnd: 0x12,
  md5: 0x13,
  securityInfo: 0x14,
  readFlash: 0xd2,
} as const;

/** Error codes of ROM loader and stub. */
const INVALID_MESSAGE = 0x05;
const BAD_CHECKSUM = 0xc1;
const CHIP_MAGIC_REGISTER = 0x40001000;
const MAGIC: Record<string, number> = { ESP32: 0x00f01d83, ESP8266: 0xfff0c101, unknown: 0x12345678 };

function framed(bytes: readonly number[]): Buffer {
  const body = bytes.flatMap((byte) => (byte === END ? [ESC, 0xdc] : byte === ESC ? [ESC, 0xdd] : [byte]));
  return Buffer.from([END, ...body, END]);
}

const word = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];

export class FakeRom {
  readonly flash = new Uint8Array(4 * 1024 * 1024).fill(0xff);
  /** Commands in the order in which they came; the stub's read acknowledgements are none. */
  readonly log: number[] = [];
  /** Held in download mode; a board whose BOOT is not pressed runs its program and says nothing here. */
  isInDownload = true;
  chip = "ESP32";
  /** Flash that does not keep a byte at this address. */
  wornAddress = -1;
  private isStub = false;
  private frame: number[] | null = null;
  private isEscaped = false;
  private ramBlocks: number[] = [];
  private ramEnd = 0;
  private deflated: Buffer[] = [];
  private target = { address: 0, byteCount: 0, deflatedBytes: 0, blocks: 0 };
  private reading: { data: Uint8Array; acknowledged: number } | null = null;

  constructor(private readonly send: (bytes: Buffer) => void) {}

  /** EN was low: everything in RAM is gone. */
  reset(): void {
    this.isStub = false;
    this.frame = null;
    this.reading = null;
    this.deflated = [];
    this.send(
      Buffer.from(
        "rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))\r\nwaiting for download\r\n",
      ),
    );
  }

  take(bytes: Uint8Array): void {
    if (!this.isInDownload) return;
    for (const byte of bytes) this.takeByte(byte);
  }

  private takeByte(byte: number): void {
    if (byte === END) {
      const frame = this.frame;
      this.frame = frame && frame.length > 0 ? null : [];
      if (frame && frame.length > 0) this.takeFrame(Buffer.from(frame));
    } else if (this.frame) {
      if (this.isEscaped) this.frame.push(byte === 0xdc ? END : ESC);
      else if (byte !== ESC) this.frame.push(byte);
      this.isEscaped = byte === ESC && !this.isEscaped;
    }
  }

  private takeFrame(frame: Buffer): void {
    if (this.reading) return this.takeReadAck(frame);
    if (frame.length < 8 || frame[0] !== 0) return;
    const [op, data, check] = [frame[1], frame.subarray(8), frame.readUInt32LE(4)];
    this.log.push(op);
    if (frame.readUInt16LE(2) !== data.length) return this.fail(op, INVALID_MESSAGE);
    this.run(op, data, check);
  }

  private answer(op: number, value = 0, data: readonly number[] = []): void {
    // The ROM of the ESP32 has four status bytes, the stub two; the first tells of failure.
    this.reply(op, value, [...data, ...(this.isStub ? [0, 0] : [0, 0, 0, 0])]);
  }

  private fail(op: number, code: number): void {
    this.reply(op, 0, this.isStub ? [1, code] : [1, code, 0, 0]);
  }

  private reply(op: number, value: number, body: readonly number[]): void {
    this.send(framed([1, op, body.length & 255, body.length >> 8, ...word(value), ...body]));
  }

  private run(op: number, data: Buffer, check: number): void {
    const at = (index: number) => (data.length >= 4 * index + 4 ? data.readUInt32LE(4 * index) : 0);
    switch (op) {
      case COMMAND.sync:
        // The ROM answers eight times, its value is not 0; the stub's is.
        for (let count = 0; count < 8; count++) this.answer(op, this.isStub ? 0 : 0x20120707);
        return;
      case COMMAND.readReg:
        return this.answer(op, at(0) === CHIP_MAGIC_REGISTER ? MAGIC[this.chip] : 0);
      case COMMAND.writeReg:
      case COMMAND.spiAttach:
      case COMMAND.changeBaud:
        return this.answer(op);
      case COMMAND.memBegin:
        this.ramBlocks = [];
        this.ramEnd = at(1);
        return this.answer(op);
      case COMMAND.memData:
        return this.takeRam(op, data, check);
      case COMMAND.memEnd:
        this.answer(op);
        this.isStub = true;
        return this.send(framed(Array.from(Buffer.from("OHAI"))));
      case COMMAND.deflBegin:
        this.target = { byteCount: at(0), blocks: at(1), deflatedBytes: at(2) * at(1), address: at(3) };
        this.deflated = [];
        return this.answer(op);
      case COMMAND.deflData:
        return this.takeDeflated(op, data, check);
      case COMMAND.deflEnd:
        return this.answer(op);
      case COMMAND.md5:
        return this.tellMd5(op, at(0), at(1));
      case COMMAND.readFlash:
        if (!this.isStub) return this.refuse(op);
        this.answer(op);
        this.reading = { data: this.flash.subarray(at(0), at(0) + at(1)), acknowledged: 0 };
        return this.sendRead();
      default:
        return this.refuse(op);
    }
  }

  /** What the loader does not know it says so eight times. */
  private refuse(op: number): void {
    for (let count = 0; count < 8; count++) this.fail(op, INVALID_MESSAGE);
  }

  /** A data packet: size, sequence, two zeros, then the data that the checksum is of (0xEF and all bytes, XORed). */
  private dataOf(data: Buffer, check: number): Buffer | null {
    const body = data.subarray(16);
    const sum = body.reduce((xor, byte) => xor ^ byte, 0xef);
    return data.readUInt32LE(0) === body.length && sum === check ? body : null;
  }

  private takeRam(op: number, data: Buffer, check: number): void {
    const sequence = data.readUInt32LE(4);
    if (!this.dataOf(data, check) || sequence !== this.ramBlocks.length || sequence >= this.ramEnd) {
      return this.fail(op, this.isStub ? BAD_CHECKSUM : 0x07);
    }
    this.ramBlocks.push(sequence);
    this.answer(op);
  }

  private takeDeflated(op: number, data: Buffer, check: number): void {
    const body = this.dataOf(data, check);
    if (!body || data.readUInt32LE(4) !== this.deflated.length) return this.fail(op, BAD_CHECKSUM);
    this.deflated.push(Buffer.from(body));
    if (this.deflated.length === this.target.blocks) this.program(inflateSync(Buffer.concat(this.deflated)));
    this.answer(op);
  }

  private program(content: Buffer): void {
    const { address } = this.target;
    for (let sector = address - (address % SECTOR); sector < address + content.length; sector += SECTOR) {
      this.flash.fill(0xff, sector, sector + SECTOR);
    }
    content.forEach((byte, index) => {
      this.flash[address + index] &= byte;
    });
    if (this.wornAddress >= 0) this.flash[this.wornAddress] = 0xff;
  }

  private tellMd5(op: number, address: number, byteCount: number): void {
    const digest = createHash("md5")
      .update(this.flash.subarray(address, address + byteCount))
      .digest();
    this.answer(op, 0, this.isStub ? [...digest] : [...Buffer.from(digest.toString("hex"))]);
  }

  /** Packets of a sector; the next goes when the count of bytes was acknowledged, at the end comes the MD5 of all. */
  private sendRead(): void {
    const { data, acknowledged } = this.reading as { data: Uint8Array; acknowledged: number };
    this.send(framed([...data.subarray(acknowledged, acknowledged + SECTOR)]));
  }

  private takeReadAck(frame: Buffer): void {
    const reading = this.reading as { data: Uint8Array; acknowledged: number };
    reading.acknowledged = frame.readUInt32LE(0);
    if (reading.acknowledged < reading.data.length) return this.sendRead();
    this.reading = null;
    this.send(framed([...createHash("md5").update(reading.data).digest()]));
  }
}
