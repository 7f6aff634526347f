/** What provisioning sets a terminal to; `docs/journal.md` says how it stands in flash. */

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

export interface FactorySettings {
  tid: string;
  mid: string;
  currencyCode: string;
  currencyNumber: string;
  exponent: number;
  host: string;
  hostPort: number;
  merchantName: string;
  merchantPlace: string;
  /** YYMM. */
  month: string;
  mode: "test" | "live";
  /** Version of these settings, 1 without it. */
  version?: number;
  /** No X25519, whatever the host offers. */
  rekey?: "off";
  /** Of the screens; English without it. */
  language?: Language;
  /** Name of the printer, and of the symbol on the receipt. */
  printer?: string;
  receiptCode?: string;
  /** Bus of the contactless reader: `hsu`; none without it. */
  tap?: string;
  /** Format of PIN blocks; off without it. */
  pin?: "off" | "4" | "0";
  /** Greatest tip in percent of the sale; least coin, and greatest sale without a link, in minor units. None without it. */
  tip?: number;
  cash?: number;
  floor?: number;
  /** Somebody must log in; nobody has to without it. Then the minutes until the terminal locks itself. */
  operators?: "on";
  lock?: number;
}
