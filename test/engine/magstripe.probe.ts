/** Both kinds of stripe reader on the bench. Command 1 to 3: bits of that track. Bytes on the UART: the other reader. */
import { Happening, Port } from "../../src/board/board";
import { board } from "../../src/board/console";
import { openStripe, readTrack, stripeQuality } from "../../src/drivers/magstripe";
import { onStripeBytes, onStripeTimer, openStripeReader, StripeReport } from "../../src/drivers/magstripe-uart";

declare const io: { tx(line: string): void };

const stripe = openStripe();
const reader = openStripeReader(board, 5);

board.start((happening, value, text) => {
  let report: StripeReport = StripeReport.None;
  if (happening === Happening.Timer && value === 5) report = onStripeTimer(reader);
  if (happening === Happening.Uart && value === Port.Stripe) report = onStripeBytes(reader, text);
  if (report !== StripeReport.None) {
    io.tx(JSON.stringify(["x", report, reader.track1, reader.track2, reader.track3]));
  }
  if ((happening as number) === 20) {
    const read = readTrack(stripe, value, text);
    io.tx(JSON.stringify(["x", read, stripe.fault, stripe.isBackward ? 1 : 0, stripeQuality(stripe, value)]));
  }
});
