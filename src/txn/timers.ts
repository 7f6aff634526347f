/** The timers of the board and who has which. */
export const enum Timer {
  State = 0,
  Link = 1,
  Printer = 2,
  Swipe = 3,
  /** Work that nobody waits for. */
  Ahead = 4,
  Pin = 5,
  Keypad = 6,
  Stripe = 7,
  Buzzer = 8,
  Battery = 9,
  Clock = 10,
  Panel = 11,
  Nfc = 12,
  /** Between two looks for a card. */
  Tap = 13,
  /** How long the host has not been heard. */
  SignOn = 14,
  Rekey = 15,
  /** The touch glass. */
  Touch = 16,
  /** Work for an update of the firmware. */
  Update = 17,
  Finger = 18,
}
