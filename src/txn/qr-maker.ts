/** QR codes for slips, made in steps by `proto/qr`; one at a time. */
import type { Natives } from "../board/board";
import type { QrMaker } from "../drivers/slip";
import { openQr, type Qr, QR_MASK, stepQr } from "../proto/qr";

export function openQrMaker(natives: Natives): QrMaker {
  let qr: Qr | null = null;
  return {
    start: (text) => {
      qr = openQr(natives, text, false, QR_MASK);
      return qr !== null;
    },
    step: () => {
      const symbol = qr ? stepQr(qr) : "";
      if (symbol !== "") qr = null;
      return symbol;
    },
  };
}
