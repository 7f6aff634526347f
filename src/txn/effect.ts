/** What to do after the step; the journal record and the screen come before it. A beep, and one of the others. */
export const enum Effect {
  None = 0,
  BeepOk = 1,
  BeepError = 2,
  Beeps = 3,
  /** Send what was journalled: a request, or in Idle a sign-on. */
  Send = 4,
  /** Send the frame in the journal until it is acknowledged: a reversal, an advice, a settlement. */
  Repeat = 8,
  Print = 12,
  /** Ask the printer how it is. */
  Poll = 16,
  /** Read the journal (again). */
  Load = 20,
  /** Look in the journal for what the function needs. */
  Find = 24,
  /** Print the slip of a function. */
  PrintSlip = 28,
}
