/** The displays that the handheld may have, and where each is wired. */
import type { Buses } from "../buses";
import type { Picture } from "../png";
import { DisplayTwin } from "./display";
import { OLED_ADDRESS, OledTwin } from "./ssd1306";
import { TftTwin } from "./tft";
import { TouchTwin } from "./xpt2046";

export const PANELS = ["text", "oled", "tft", "touch"] as const;
export type PanelName = (typeof PANELS)[number];

/** As in `board/board`; the simulator is the other side of that line and repeats the numbers on purpose. */
const PORT = { display: 1 } as const;
const GROUP = { panel: 2, touch: 5 } as const;
const DEVICE = { panel: 0, touch: 2 } as const;

/** The first line of dots of the keys below a screen. */
export const KEYS_TOP = 172;

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
  /** The glass over it, where there is one. */
  readonly touch?: TouchTwin;
}

/** A colour panel with keys below the screen, and a glass to press them. */
export class TouchPanelTwin extends TftTwin {
  constructor(readonly touch: TouchTwin) {
    super();
  }

  override rows(): string[] {
    return this.texts(0, KEYS_TOP);
  }

  /** What stands on the keys, row by row. */
  keyRows(): string[] {
    return this.texts(KEYS_TOP, this.picture().height);
  }
}

export function openPanel(name: PanelName, buses: Buses): PanelTwin {
  if (name === "oled") {
    const oled = new OledTwin();
    buses.i2cs.set(OLED_ADDRESS, oled);
    return oled;
  }
  if (name === "tft" || name === "touch") {
    const touch = new TouchTwin(() => buses.changed(GROUP.touch));
    const tft = name === "tft" ? new TftTwin() : new TouchPanelTwin(touch);
    if (name === "touch") {
      buses.spis.set(DEVICE.touch, touch);
      buses.inputs.set(GROUP.touch, () => touch.level());
    }
    buses.spis.set(DEVICE.panel, tft);
    buses.outputs.set(GROUP.panel, (levels) => tft.pins(levels));
    return tft;
  }
  const display = new DisplayTwin();
  buses.uarts.set(PORT.display, display);
  return display;
}
