/** The published vectors of `pin.test`, worked out by the engine. The command's text is a new device's registers. */
import { board } from "../../src/board/console";
import { aesEncrypt } from "../../src/crypto/aes";
import { type Aes, type Dukpt, PIN_AES128, useKey, workingKey } from "../../src/crypto/dukpt";
import { pinBlock4 } from "../../src/crypto/pinblock";
import { tdeaEncrypt } from "../../src/crypto/tdea";

declare const io: { tx(line: string): void };

const RANDOM = "\x2f\x69\xad\xde\x2e\x9e\x7a\xce";

board.start((_happening, _value, registers) => {
  const single = "\x01\x23\x45\x67\x89\xab\xcd\xef";
  const id = "\x12\x34\x56\x78\x90\x12\x34\x56";
  const report = [
    "x",
    aesEncrypt(
      "\x2b\x7e\x15\x16\x28\xae\xd2\xa6\xab\xf7\x15\x88\x09\xcf\x4f\x3c",
      "\x32\x43\xf6\xa8\x88\x5a\x30\x8d\x31\x31\x98\xa2\xe0\x37\x07\x34",
    ),
    tdeaEncrypt(single + single, "Now is t"),
  ];
  const aes: Aes = board.natives && board.natives.aes ? board.natives.aes : aesEncrypt;
  const d: Dukpt = { id: id, counter: 1, registers: registers };
  const first = workingKey(d, aes, PIN_AES128);
  report.push(first);
  useKey(d, aes);
  report.push(workingKey(d, aesEncrypt, PIN_AES128));
  useKey(d, aes);
  report.push(workingKey(d, aes, PIN_AES128));
  report.push(pinBlock4(aesEncrypt, first, "1234", "4111111111111111", RANDOM));
  report.push(aes === aesEncrypt ? "" : pinBlock4(aes, first, "1234", "4111111111111111", RANDOM));
  io.tx(JSON.stringify(report));
});
