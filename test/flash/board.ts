/**
 * A board with a serial cable: the real Espruino (its Linux build) as a process whose console is the cable. Its reset wire kills the process
 * and starts it anew, its flash is a file that stays. Raw areas lie at the end of that flash, since the build has no other.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import { lineOf } from "../../flash/node";
import type { Line } from "../../flash/line";
import { AREAS } from "../../src/sim/twins/flash";
import { COMMANDS } from "../engines";

/** Where the engine's flash lies, and its size; files from its start. */
const FLASH_AT = 0x10000000;
const FLASH_BYTES = 0x40000;
const AREAS_BYTES = AREAS.reduce((sum, { byteCount }) => sum + byteCount, 0);

/** The areas of the handheld, one after the other at the end of the flash. */
export const BOARD_AREAS = AREAS.map(({ byteCount }, index) => {
  const before = AREAS.slice(0, index).reduce((sum, area) => sum + area.byteCount, 0);
  return { address: FLASH_AT + FLASH_BYTES - AREAS_BYTES + before, byteCount };
});

export const BOARD_STORE = { address: FLASH_AT, byteCount: FLASH_BYTES - AREAS_BYTES };

export class EspruinoBoard {
  readonly folder = mkdtempSync(join(tmpdir(), "tillet-board-"));
  private child: ChildProcessWithoutNullStreams | null = null;
  private cable: Duplex | null = null;
  /** All that the board said. */
  said = "";
  /** Changes what goes to the board; null pulls the cable. */
  onSent: (text: string) => string | null = (text) => text;

  readonly line: Line = lineOf(
    async () => {
      this.cable = new Duplex({
        read: () => undefined,
        write: (bytes: Buffer, _, done) => {
          const text = this.onSent(bytes.toString("latin1"));
          if (text === null) this.cable?.destroy();
          else this.child?.stdin.write(Buffer.from(text, "latin1"));
          done();
        },
      });
      return this.cable;
    },
    async ({ requestToSend }) => {
      if (requestToSend) this.powerOff();
      else if (!this.child) this.powerOn();
    },
  );

  powerOn(): void {
    this.child = spawn(COMMANDS.espruino, [], { cwd: this.folder });
    this.child.stdin.on("error", () => undefined);
    this.child.stdout.on("data", (bytes: Buffer) => {
      this.said += bytes.toString("latin1");
      if (this.cable && !this.cable.destroyed) this.cable.push(bytes);
    });
  }

  powerOff(): void {
    this.child?.stdout.removeAllListeners();
    this.child?.kill("SIGKILL");
    this.child = null;
  }

  /** Bytes of flash, as the file has them. */
  flash(address: number, byteCount: number): Uint8Array {
    const at = address - FLASH_AT;
    return readFileSync(join(this.folder, "espruino.flash")).subarray(at, at + byteCount);
  }

  /** Puts bytes into the flash of a board without power. */
  patch(address: number, text: string): void {
    const file = join(this.folder, "espruino.flash");
    const bytes = readFileSync(file);
    bytes.set(Buffer.from(text, "latin1"), address - FLASH_AT);
    writeFileSync(file, bytes);
  }

  /** First whole pages of the slots' files, found by their heads as the engine's documentation has them. */
  slotAddresses(pageCounts: readonly number[]): number[] {
    const bytes = readFileSync(join(this.folder, "espruino.flash"));
    return ["tillet.a", "tillet.b"].map((name, index) => {
      const head = Buffer.alloc(32);
      head.writeUInt32LE(((pageCounts[index] ?? 0) + 1) * 4096);
      head.write(name, 4, "latin1");
      return FLASH_AT + Math.ceil((bytes.indexOf(head) + head.length) / 4096) * 4096;
    });
  }

  /** When the engine has ended by itself. */
  async whenEnded(): Promise<void> {
    const child = this.child;
    if (child && child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
    this.child = null;
  }

  areas(): Uint8Array {
    return Buffer.concat(BOARD_AREAS.map(({ address, byteCount }) => this.flash(address, byteCount)));
  }

  close(): void {
    this.powerOff();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
