/**
 * Two real-time clock chips, register by register, on batteries of their own: Maxim DS3231 (19-5170) and NXP PCF8563. The first byte of a
 * write is the register, which then counts up; a read goes on from there. Reading at START freezes the time for that transaction.
 */
import type { I2cDevice } from "../buses";

interface Chip {
  address: number;
  registers: number;
  /** Where seconds, minutes, hours, date, weekday, month and year are. */
  places: { second: number; minute: number; hour: number; date: number; weekday: number; month: number; year: number };
  weekdayBase: number;
  /** Register and bit that say that the oscillator stood still. */
  stopped: number;
}

export const RTC_CHIPS = {
  ds3231: {
    address: 0x68,
    registers: 0x13,
    places: { second: 0, minute: 1, hour: 2, weekday: 3, date: 4, month: 5, year: 6 },
    weekdayBase: 1,
    stopped: 0x0f,
  },
  pcf8563: {
    address: 0x51,
    registers: 0x10,
    places: { second: 2, minute: 3, hour: 4, date: 5, weekday: 6, month: 7, year: 8 },
    weekdayBase: 0,
    stopped: 0x02,
  },
} satisfies Record<string, Chip>;

const toBcd = (value: number) => (Math.floor(value / 10) << 4) | (value % 10);
const fromBcd = (value: number) => (value >> 4) * 10 + (value & 15);

export class RtcTwin implements I2cDevice {
  isPlugged = true;
  readonly registers: Uint8Array;
  private readonly chip: Chip;
  private pointer = 0;
  /** Of the registers, when `nowMs` was this. */
  private setAtMs = 0;

  constructor(
    name: keyof typeof RTC_CHIPS,
    private readonly nowMs: () => number,
  ) {
    this.chip = RTC_CHIPS[name];
    this.registers = new Uint8Array(this.chip.registers);
    this.registers[this.chip.places.date] = 1;
    this.registers[this.chip.places.month] = 1;
    this.lose();
  }

  get address(): number {
    return this.chip.address;
  }

  /** Its battery was empty. */
  lose(): void {
    this.tick();
    this.registers[this.chip.stopped] = (this.registers[this.chip.stopped] ?? 0) | 0x80;
  }

  write(bytes: string): boolean {
    if (!this.isPlugged) return false;
    this.tick();
    this.pointer = bytes.charCodeAt(0) % this.chip.registers;
    for (const char of bytes.slice(1)) {
      // Writing the seconds begins a new one.
      if (this.pointer === this.chip.places.second) this.setAtMs = this.nowMs();
      this.registers[this.pointer] = char.charCodeAt(0);
      this.pointer = (this.pointer + 1) % this.chip.registers;
    }
    return true;
  }

  read(byteCount: number): string | null {
    if (!this.isPlugged) return null;
    this.tick();
    let bytes = "";
    for (let i = 0; i < byteCount; i++) {
      bytes += String.fromCharCode(this.registers[this.pointer] ?? 0);
      this.pointer = (this.pointer + 1) % this.chip.registers;
    }
    return bytes;
  }

  /** Carries the registers on to now. */
  private tick(): void {
    const seconds = Math.floor((this.nowMs() - this.setAtMs) / 1000);
    this.setAtMs += seconds * 1000;
    if (seconds === 0) return;
    const { second, minute, hour, date, weekday, month, year } = this.chip.places;
    const field = (at: number, mask: number) => fromBcd((this.registers[at] ?? 0) & mask);
    const time = new Date(
      Date.UTC(
        2000 + field(year, 0xff),
        field(month, 0x1f) - 1,
        field(date, 0x3f),
        field(hour, 0x3f),
        field(minute, 0x7f),
        field(second, 0x7f) + seconds,
      ),
    );
    const put = (at: number, value: number) => {
      const flags = at === this.chip.stopped ? (this.registers[at] ?? 0) & 0x80 : 0;
      this.registers[at] = toBcd(value) | flags;
    };
    put(second, time.getUTCSeconds());
    put(minute, time.getUTCMinutes());
    put(hour, time.getUTCHours());
    put(date, time.getUTCDate());
    put(month, time.getUTCMonth() + 1);
    put(year, time.getUTCFullYear() % 100);
    this.registers[weekday] = time.getUTCDay() + this.chip.weekdayBase;
  }
}
