/** Text as GB 2312 byte strings (EUC-CN: ASCII as it is, every other character as two bytes from A1 on). Build time and tests. */
const decoder = new TextDecoder("gb18030", { fatal: true });
/** Rows 1 to 9 are signs, 16 to 55 the 3755 characters of level 1. */
const ROWS = [...Array(9).keys(), ...Array.from({ length: 40 }, (_, index) => index + 15)].map((index) => index + 1);
const bytesOf = new Map();
for (const row of ROWS) {
  for (let cell = 1; cell <= 94; cell++) {
    const bytes = [row + 0xa0, cell + 0xa0];
    try {
      bytesOf.set(decoder.decode(Uint8Array.from(bytes)), String.fromCharCode(...bytes));
    } catch {
      // A place without a character.
    }
  }
}

/** Throws for a character that is neither ASCII nor a sign or level 1 of GB 2312. */
export function gb2312(text) {
  return Array.from(text, (char) => {
    const bytes = char <= "\x7f" ? char : bytesOf.get(char);
    if (bytes === undefined) throw new Error(`${char} is not in GB 2312 level 1`);
    return bytes;
  }).join("");
}
