/** QR codes for slips, made in steps by `proto/qr`, which is in memory only meanwhile; one at a time. */
import type { Natives } from "../board/board";
import type { QrMaker } from "../drivers/slip";
import type { Qr } from "../proto/qr";
import { qrPart } from "../proto/qr.lazy";

type QrPart = ReturnType<typeof qrPart>;

export function openQrMaker(natives: Natives): QrMaker {
  let part: QrPart | null = null;
  let qr: Qr | null = null;
  return {
    start: (text) => {
      part = qrPart();
      qr = part.openQr(natives, text, false, part.QR_MASK);
      return qr !== null;
    },
    step: () => {
      const symbol = part && qr ? part.stepQr(qr) : "";
      if (symbol !== "") {
        part = null;
        qr = null;
      }
      return symbol;
    },
  };
}
