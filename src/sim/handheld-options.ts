/** What a simulated handheld is made of, what is done to it, and what it tells. */
import type { Engine } from "./engines/engine";
import type { FingerModel } from "./factory-settings";
import type { BeepName } from "./twins/buzzer";
import type { FlashTwin } from "./twins/flash";
import type { Damage, Tracks } from "./twins/magstripe";
import type { HostDoor, OpenNet } from "./twins/net";
import type { PanelName } from "./twins/panel";
import type { Slip } from "./twins/printer";

export type HandheldEvent =
  { display: string[] } | { printed: string[]; slip: Slip } | { beep: BeepName } | { power: "on" | "cut" };

export interface HandheldOptions {
  engine: Engine;
  flash: FlashTwin;
  door: HostDoor | null;
  /** Another network than a TCP connection to the door. */
  openNet?: OpenNet | undefined;
  onEvent: (timeMs: number, event: HandheldEvent) => void;
  /** The board's random source. */
  randomBytes: (count: number) => string;
  /** Hears what leaves for the host. */
  onSent?: ((bytes: string) => void) | undefined;
  /** Which printer is built in: a name of `twins/printer`. */
  printer?: string | undefined;
  /** Which fingerprint sensor is built in; none without it. */
  finger?: FingerModel | undefined;
  /** Real time: network answers come when they come. */
  isLive?: boolean;
  /** The display that the bundle is for; text unless given. */
  panel?: PanelName;
}

/** Tracks that pass the head. Damage is to track 2, but all pass it in one direction. */
export interface Swipe extends Tracks, Damage {
  /** A reader that decodes by itself, on its UART, instead of the head. */
  by?: "head" | "uart";
}
