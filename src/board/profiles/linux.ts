/**
 * Espruino's Linux build, for a handheld on a desk: peripherals behind TCP ports of this machine, emulated ones or real ones through a
 * serial device server, the flash in a file of the working directory. The keys are those of the simulated handheld.
 */
import { ClockChip, type Profile } from "../board";
import type { SocketWiring } from "../sockets";

export const profile: Profile = {
  keys: "123CU456BD789F :0.E ",
  keyColumns: 5,
  batteryPerVolt: 2000,
  batteryMilliohm: 150,
  idleMilliamp: 150,
  printMilliamp: 1500,
  clockChip: ClockChip.Ds3231,
};

/** Keypad (0: it is a matrix), display, printer, scanner, contactless reader, finger, stripe; then the desk. */
export const wiring: SocketWiring = {
  host: "127.0.0.1",
  uarts: [0, 7601, 7602, 7603, 7604, 7605, 7606],
  desk: 7600,
};

export const FLASH_FILE = "handheld.flash";
