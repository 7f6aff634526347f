/** The timers of the board and who has which. */
export const enum Timer {
  State = 0,
  Link = 1,
  Printer = 2,
  Swipe = 3,
  Keypad = 4,
  Stripe = 5,
  Buzzer = 6,
  Battery = 7,
  Clock = 8,
}
