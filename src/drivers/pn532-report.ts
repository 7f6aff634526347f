/**
 * What the contactless reader reports: how each job ended, and whether the device is there.
 *
 * Part of: pn532.ts
 */
export const enum NfcReport {
  None = 0,
  /** The device answers and is set up: after the start, and whenever it is back. */
  Ready = 1,
  /** The device does not answer, or not readably. The job under way is over; `Ready` comes by itself. */
  Silent = 2,
  NoCard = 3,
  /** One card; `card` says which. */
  Card = 4,
  /** Two cards, of the same or of both types. None is held: one has to go. */
  TwoCards = 5,
  /** `answer` is the card's answer. */
  Answer = 6,
  /** The card does not answer any more. Not known: whether it acted on the command. */
  CardLost = 7,
  /** The card's answers, or those of the device, cannot be read. Not known: whether the card acted on the command. */
  CardGarbled = 8,
  /** The answer is longer than ANSWER_BYTES_MAX, or than the device can take. */
  TooLong = 9,
  /** The device does not accept the command. */
  Refused = 10,
  /** Too hot, or too much current: the device switched its field off. */
  Hot = 11,
  /** The card is let go and the field is off. */
  Released = 12,
}
