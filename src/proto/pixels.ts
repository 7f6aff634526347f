/** Pixels of one or two bits as their colours: the plain twin of `board/pixels`. */

/** Pixels of `depth` bits, the first in a byte's top bits, as their `colours` of 16 bits, high byte first. */
export function plainExpand(pixels: string, depth: number, colours: Uint16Array): string {
  const texts: string[] = [];
  for (let i = 0; i < 1 << depth; i++) texts.push(String.fromCharCode(colours[i] >> 8, colours[i] & 255));
  let out = "";
  for (let i = 0; i < pixels.length; i++) {
    const byte = pixels.charCodeAt(i);
    for (let shift = 8 - depth; shift >= 0; shift -= depth) out += texts[(byte >> shift) & (texts.length - 1)];
  }
  return out;
}
