/** So many slices of a product, and where that has led to. */
import { board } from "../../src/board/console";
import { openX25519, result, slice } from "../../src/crypto/x25519";

declare const io: { tx(line: string): void };

board.start((_, turns, text) => {
  const x = openX25519(text.substr(0, 32), text.substr(32));
  let slices = 0;
  while (slices < turns && !slice(x)) slices++;
  io.tx(JSON.stringify(["x", slices, result(x)]));
});
