/**
 * ESC/POS bytes to commands, one at a time: what belongs together by the lengths that the reference gives (Epson, "ESC/POS Command
 * Reference"). A command that this printer does not have stops the simulator, so that a driver's slip is found.
 */

/** The printer was told something that no such printer understands. */
export class PrinterError extends Error {}

export interface Command {
  /** The bytes that name it, or "" for a byte of text. */
  name: string;
  /** Its parameters and data, or the byte. */
  data: string;
}

/** Parameters of fixed number, by name. */
const FIXED: Record<string, number> = {
  "\n": 0,
  "\r": 0,
  "\0": 0,
  "\x1b@": 0,
  "\x1b2": 0,
  "\x1b3": 1,
  "\x1ba": 1,
  "\x1bd": 1,
  "\x1bE": 1,
  "\x1bG": 1,
  "\x1bJ": 1,
  "\x1bM": 1,
  "\x1bR": 1,
  "\x1bt": 1,
  "\x1b!": 1,
  "\x1b-": 1,
  "\x1c&": 0,
  "\x1c.": 0,
  "\x1d!": 1,
  "\x1dB": 1,
  "\x1df": 1,
  "\x1dH": 1,
  "\x1dh": 1,
  "\x1dr": 1,
  "\x1dw": 1,
  // Obeyed as they arrive; here only their place is known.
  "\x10\x04": 1,
  "\x10\x05": 1,
};

const word = (data: string, at: number) => data.charCodeAt(at) + 256 * data.charCodeAt(at + 1);

/** How many bytes of data there will be; more than there are while that cannot be told yet. */
const VARIABLE: Record<string, (data: string) => number> = {
  "\x1b*": (data) => (data.length < 3 ? 3 : 3 + word(data, 1) * (data.charCodeAt(0) >= 32 ? 3 : 1)),
  "\x1dV": (data) => (data.charCodeAt(0) >= 65 ? 2 : 1),
  "\x1dv": (data) => (data.length < 6 ? 6 : 6 + word(data, 2) * word(data, 4)),
  "\x1d(": (data) => (data.length < 3 ? 3 : 3 + word(data, 1)),
  "\x1dk": (data) => {
    if (data.length < 2) return 2;
    if (data.charCodeAt(0) >= 65) return 2 + data.charCodeAt(1);
    const end = data.indexOf("\0", 1);
    return end < 0 ? data.length + 1 : end + 1;
  },
};

const PREFIXES = "\x10\x1b\x1c\x1d";

export class CommandReader {
  private name = "";
  private data = "";
  private bytesWanted = 0;

  /**
   * Passes over what it does not know, as printers do, until the next ESC @. So it is after a pulled plug, which can leave any half of a
   * command; at other times such bytes are a driver's slip.
   */
  isDazed = false;

  /** Forgets what has come of a command. */
  reset(): void {
    this.name = "";
    this.data = "";
    this.bytesWanted = 0;
  }

  /** The command that this byte ends, or null. */
  take(char: string): Command | null {
    if (this.bytesWanted > 0 && this.name) return this.addData(char);
    this.name += char;
    if (this.name.length === 1) {
      if (PREFIXES.includes(char)) return null;
      if (FIXED[char] === undefined) {
        this.name = "";
        if (char < " " || char === "\x7f") return this.unknown(`byte ${char.charCodeAt(0)} is no text`);
        return { name: "", data: char };
      }
    }
    this.bytesWanted = FIXED[this.name] ?? VARIABLE[this.name]?.("") ?? -1;
    if (this.bytesWanted < 0) {
      const shown = JSON.stringify(this.name);
      this.reset();
      return this.unknown(`unknown command ${shown}`);
    }
    return this.bytesWanted === 0 ? this.whole() : null;
  }

  private addData(char: string): Command | null {
    this.data += char;
    const length = VARIABLE[this.name];
    if (length) this.bytesWanted = length(this.data);
    return this.data.length < this.bytesWanted ? null : this.whole();
  }

  private whole(): Command {
    const command = { name: this.name, data: this.data };
    this.reset();
    if (command.name === "\x1b@") this.isDazed = false;
    return command;
  }

  private unknown(what: string): null {
    if (!this.isDazed) throw new PrinterError(`printer: ${what}`);
    return null;
  }
}
