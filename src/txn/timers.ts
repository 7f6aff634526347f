/** The timers of the board and who has which. */
export const enum Timer {
  State = 0,
  Link = 1,
  Printer = 2,
  Swipe = 3,
  /** Work that nobody waits for. */
  Ahead = 4,
  Keypad = 5,
  Stripe = 6,
  Buzzer = 7,
  Battery = 8,
  Clock = 9,
}
