/** So many slices of a product, and where that has led to. */
import { board } from "../../src/board/console";
import { openX25519, result, slice } from "../../src/crypto/x25519";

declare const io: { tx(line: string): void };

const scalar = new Uint8Array(32);

board.start((_, turns, text) => {
  for (let i = 0; i < 32; i++) scalar[i] = text.charCodeAt(i);
  const x = openX25519(scalar, text.substr(32));
  let slices = 0;
  while (slices < turns && !slice(x)) slices++;
  io.tx(JSON.stringify(["x", slices, result(x)]));
});
