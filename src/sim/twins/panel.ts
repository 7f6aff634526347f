/** The displays that the handheld may have, and where each is wired. */
import type { Buses } from "../buses";
import type { Picture } from "../png";
import { DisplayTwin } from "./display";
import { OLED_ADDRESS, OledTwin } from "./ssd1306";
import { TftTwin } from "./tft";

export const PANELS = ["text", "oled", "tft"] as const;
export type PanelName = (typeof PANELS)[number];

/** As in `board/board`; the simulator is the other side of that line and repeats the numbers on purpose. */
const PORT = { display: 1 } as const;
const GROUP = { panel: 2 } as const;
const DEVICE = { panel: 0 } as const;

export interface PanelTwin {
  /** Changes with the glass. */
  readonly revision: number;
  /** One transfer is a whole picture. */
  readonly isDrawnAtOnce: boolean;
  /** Text on the glass from top to bottom. */
  rows(): string[];
  /** Its power went. */
  clear(): void;
  /** What is to be seen, dot by dot; a character display has no such thing. */
  picture?(): Picture;
}

export function openPanel(name: PanelName, buses: Buses): PanelTwin {
  if (name === "oled") {
    const oled = new OledTwin();
    buses.i2cs.set(OLED_ADDRESS, oled);
    return oled;
  }
  if (name === "tft") {
    const tft = new TftTwin();
    buses.spis.set(DEVICE.panel, tft);
    buses.outputs.set(GROUP.panel, (levels) => tft.pins(levels));
    return tft;
  }
  const display = new DisplayTwin();
  buses.uarts.set(PORT.display, display);
  return display;
}
