/**
 * A lithium-ion cell behind a divider of two equal resistors: what the pin sees sags with what flows. The cell is given by its
 * open-circuit voltage.
 */

export class BatteryTwin {
  /** Without load. */
  openMillivolt = 4000;
  /** Of the cell and its leads. */
  milliohm = 150;
  /** The wire to the divider is there. */
  isPlugged = true;

  /** `load` is what the board draws at this moment, milliampere. */
  constructor(private readonly load: () => number) {}

  pinMillivolt(): number {
    return this.isPlugged ? Math.round((this.openMillivolt - (this.load() * this.milliohm) / 1000) / 2) : 0;
  }
}
