/** What the terminal says about a tap that came to nothing; worked out at build time. */
import { TapOutcome } from "../proto/emv-tap";
import { Notice } from "./state";

/** No outcome of a reading: there were two cards. */
const NOTICES: readonly [TapOutcome, Notice][] = [
  [TapOutcome.None, Notice.OneCard],
  [TapOutcome.Online, Notice.None],
  [TapOutcome.TryAgain, Notice.TapAgain],
  [TapOutcome.OtherCard, Notice.OtherCard],
  [TapOutcome.NoMagstripe, Notice.UseStripe],
  [TapOutcome.Blocked, Notice.CardBlocked],
  [TapOutcome.Expired, Notice.CardExpired],
  [TapOutcome.NotAccepted, Notice.CardRefuses],
  [TapOutcome.OverLimit, Notice.TooMuch],
  [TapOutcome.SeePhone, Notice.SeePhone],
  [TapOutcome.CardLost, Notice.TapAgain],
];

/** The notice of each outcome, as a character code. */
export const NOTICE_OF_OUTCOME = NOTICES.map(([outcome, notice], index) => {
  if ((outcome as number) !== index) throw new Error(`outcome ${outcome} is out of its place`);
  return String.fromCharCode(notice);
}).join("");
