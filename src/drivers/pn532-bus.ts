/**
 * The three ways to a PN532 (UM0701-02 section 6.2.3 HSU, 6.2.4 I2C, 6.2.5 SPI). On I2C and SPI the device is asked whether it has a
 * frame, and each call ends as a happening; on the HSU bytes come when they come. The engine must take bursts of 276 bytes on
 * its UART. The I2C bus serves this device alone: its happenings do not say whose they are.
 *
 * Part of: pn532.ts
 */
import { type Board, Device, type Natives, Port } from "../board/board";
import { REVERSED } from "./pn532.table";

export const enum NfcBus {
  /** UART, 115200 baud, 8N1. */
  Hsu = 0,
  /** 7-bit address 24h, up to 400 kHz. The device stretches the clock. */
  I2c = 1,
  /** Mode 0, up to 5 MHz, least significant bit first. */
  Spi = 2,
}

const I2C_ADDRESS = 0x24;
/** First byte of an SPI exchange: write data (01h), read the status (02h), read data (03h), bits reversed. */
const SPI_WRITE = "\x80";
const SPI_STATUS = "\x40";
const SPI_READ = "\xc0";
/** The status byte, 01h when a frame is ready. Nothing else will do: a line that nobody drives reads FFh. */
const SPI_READY = "\x80";
const I2C_READY = "\x01";

export function busWrite(board: Board, natives: Natives, bus: NfcBus, bytes: string): void {
  if (bus === NfcBus.Hsu) board.uart(Port.Nfc, bytes);
  else if (bus === NfcBus.I2c) board.i2c(I2C_ADDRESS, bytes, 0);
  // Read, so that its end is heard of.
  else board.spi(Device.Nfc, SPI_WRITE + natives.translate(bytes, REVERSED), true);
}

/** Asks whether a frame is ready. */
export function busAsk(board: Board, bus: NfcBus): void {
  if (bus === NfcBus.I2c) board.i2c(I2C_ADDRESS, "", 1);
  else board.spi(Device.Nfc, SPI_STATUS + "\0", true);
}

/** True when what `busAsk` brought says so. */
export function isReady(bus: NfcBus, text: string): boolean {
  return text.charAt(text.length - 1) === (bus === NfcBus.I2c ? I2C_READY : SPI_READY);
}

/** Takes the frame, which is then gone whether all of it was read or not. */
export function busRead(board: Board, bus: NfcBus, byteCount: number): void {
  if (bus === NfcBus.I2c) board.i2c(I2C_ADDRESS, "", 1 + byteCount);
  else board.spi(Device.Nfc, SPI_READ + "\0".repeat(byteCount), true);
}

/** The bytes that `busRead` brought; on I2C the status stands in front again. */
export function bytesRead(natives: Natives, bus: NfcBus, text: string): string {
  const bytes = text.substr(1);
  return bus === NfcBus.I2c ? bytes : natives.translate(bytes, REVERSED);
}
