/**
 * The keys of PINs (AES DUKPT, `crypto/dukpt`) in two pages of raw flash, apart from the journal: seven slots a page, used in turn. One
 * slot holds the whole state in a checked record, the others are erased or wiped. To use a key up: the state without it goes into the
 * next slot, is read back, and the old slot is overwritten with zeros; only then is the working key handed out. So a power cut at any
 * byte costs at most the key in hand, which then never left the device. What a cut leaves behind is wiped at power-on.
 *
 * Flash answers later, as in `journal`, and is read and written in small pieces, which is what an interpreter has room for. Reads at
 * power-on: at most 14 x 12; for a key: 18, and 12 more for each slot that is worn.
 */
import { type Flash, type Natives, PAGE_BYTES, PIN_KEYS_ADDRESS } from "../board/board";
import type { Dukpt } from "../crypto/dukpt";
import { pinPart } from "../crypto/pin.lazy";
import { fromBigEndian } from "../proto/bytes";
import { buildRecord, Record, RECORD_HEADER_BYTES, recordBytes } from "./record";

const SLOTS_A_PAGE = 7;
const SLOTS = 14;
/** Six pieces; the record is a little shorter. */
const SLOT_BYTES = 576;
const PIECE_BYTES = 96;
/** Header, id 8, counter 4, registers 512, check. */
const RECORD_BYTES = 532;
const CHECK_AT = 528;
const ID_AT = 4;
const COUNTER_AT = 12;
const REGISTERS_AT = 16;
const NOTHING = -1;

const enum Phase {
  /** Slots are looked at, one after the other. */
  Find = 0,
  /** The state is being read, for its next key. */
  Take = 1,
  /** A new state is being written and read back. */
  Write = 2,
  /** A slot is being wiped; `after` comes next. */
  Wipe = 3,
  Ready = 4,
  /** No slot holds a state, or none can be written. */
  Lost = 5,
}

export interface PinKeys {
  flash: Flash;
  natives: Natives;
  phase: Phase;
  after: Phase;
  /** The slot that holds the state, and the one that is being read, written or wiped, up to `at`. */
  slot: number;
  index: number;
  at: number;
  /** Of the next key; 0 when they are used up. */
  counter: number;
  /** What was read, or is being written. */
  text: string;
  /** The working key is for format 4, AES-128; else for format 0, TDEA. */
  isAes: boolean;
  /** The key in hand and its serial number; "" when there is none. */
  key: string;
  serial: string;
}

export function openPinKeys(flash: Flash, natives: Natives): PinKeys {
  return {
    flash: flash,
    natives: natives,
    phase: Phase.Lost,
    after: Phase.Lost,
    slot: NOTHING,
    index: 0,
    at: 0,
    counter: 0,
    text: "",
    isAes: true,
    key: "",
    serial: "",
  };
}

/** True while flash is at work: events wait. */
export function isPinKeysBusy(k: PinKeys): boolean {
  return k.phase < Phase.Ready;
}

/** True when there is a key for another PIN. */
export function hasPinKeys(k: PinKeys): boolean {
  return k.phase === Phase.Ready && k.counter !== 0;
}

/** Looks for the state; `onPinKeysFlash` goes on. */
export function loadPinKeys(k: PinKeys): void {
  k.slot = NOTHING;
  begin(k, Phase.Find, 0);
}

/** Takes the next key and uses it up. In the end `key` and `serial` are there, or the keys are lost. */
export function takePinKey(k: PinKeys, isAes: boolean): void {
  k.isAes = isAes;
  begin(k, Phase.Take, k.slot);
}

/** The key in hand has done its work. */
export function dropPinKey(k: PinKeys): void {
  k.key = "";
  k.serial = "";
}

/** Begins to read, write or wipe a slot; a wipe begins with its last piece. */
function begin(k: PinKeys, phase: Phase, slot: number): void {
  k.phase = phase;
  k.index = slot;
  k.at = phase === Phase.Wipe ? SLOT_BYTES - PIECE_BYTES : 0;
  if (phase === Phase.Find || phase === Phase.Take) k.text = "";
  doPiece(k);
}

function wipeSlot(k: PinKeys, slot: number, after: Phase): void {
  k.after = after;
  begin(k, Phase.Wipe, slot);
}

function addressOf(slot: number): number {
  const isSecond = slot >= SLOTS_A_PAGE;
  return PIN_KEYS_ADDRESS + (isSecond ? PAGE_BYTES + (slot - SLOTS_A_PAGE) * SLOT_BYTES : slot * SLOT_BYTES);
}

/**
 * The piece at `at`. Of a wipe the header goes last, so that nothing is left in a slot whose header is zero, wherever the power goes;
 * what is read then only says that flash has done it.
 */
function doPiece(k: PinKeys): void {
  const address = addressOf(k.index) + k.at;
  let byteCount = PIECE_BYTES;
  if (k.phase === Phase.Write) {
    const piece = k.text.substr(k.at, PIECE_BYTES);
    byteCount = piece.length;
    k.flash.write(address, piece);
  } else if (k.phase === Phase.Wipe) {
    const kept = k.at === 0 ? RECORD_HEADER_BYTES : 0;
    byteCount = 1;
    k.flash.write(address + kept, "\0".repeat(PIECE_BYTES - kept));
    if (kept > 0) k.flash.write(address, "\0\0\0\0");
  }
  k.flash.read(address, byteCount);
}

/** A piece of the slot has come. Slots that are erased or wiped say so in the first one. */
function onRead(k: PinKeys, piece: string): void {
  k.text += piece;
  k.at += PIECE_BYTES;
  const header = k.text.substr(0, RECORD_HEADER_BYTES);
  const isEmpty = header === "\xff\xff\xff\xff" || header === "\0\0\0\0";
  if (k.at < SLOT_BYTES && !isEmpty) return doPiece(k);
  const isState =
    k.text.charAt(0) === Record.PinKeys &&
    recordBytes(k.text, 0) === RECORD_BYTES &&
    k.natives.crc32(k.text.substr(0, CHECK_AT)) === fromBigEndian(k.text, CHECK_AT, 4);
  if (k.phase === Phase.Find) onFound(k, isEmpty, isState);
  else if (isState) onTaken(k);
  else losePinKeys(k);
}

/** Two states after a cut: the one that is further on counts, and used-up keys (counter 0) are the furthest. */
function onFound(k: PinKeys, isEmpty: boolean, isState: boolean): void {
  const counter = isState ? fromBigEndian(k.text, COUNTER_AT, 4) : 0;
  const before = k.slot;
  if (isState && (before === NOTHING || (counter - 1) >>> 0 > (k.counter - 1) >>> 0)) {
    k.slot = k.index;
    k.counter = counter;
    if (before === NOTHING) findNext(k);
    else wipeSlot(k, before, Phase.Find);
  } else if (isEmpty || k.index === before) {
    findNext(k);
  } else {
    wipeSlot(k, k.index, Phase.Find);
  }
}

function findNext(k: PinKeys): void {
  if (k.index + 1 < SLOTS) begin(k, Phase.Find, k.index + 1);
  else if (k.slot === NOTHING) losePinKeys(k);
  else k.phase = Phase.Ready;
}

function onTaken(k: PinKeys): void {
  const d: Dukpt = {
    id: k.text.substr(ID_AT, 8),
    counter: fromBigEndian(k.text, COUNTER_AT, 4),
    registers: k.text.substr(REGISTERS_AT, CHECK_AT - REGISTERS_AT),
  };
  k.text = "";
  const part = pinPart();
  const aes = k.natives.aes || part.aesEncrypt;
  k.serial = part.keySerialNumber(d);
  k.key = part.workingKey(d, aes, k.isAes ? part.PIN_AES128 : part.PIN_TDEA2);
  part.useKey(d, aes);
  k.counter = d.counter;
  k.text = buildRecord(Record.PinKeys, part.keySerialNumber(d) + d.registers, k.natives.crc32);
  writeNext(k);
}

/** Into the slot after the last one. A page begins with an erase; that of the state that counts is never erased. */
function writeNext(k: PinKeys): void {
  const slot = (k.index + 1) % SLOTS;
  if (slot % SLOTS_A_PAGE === 0) {
    if (slot === k.slot - (k.slot % SLOTS_A_PAGE)) return losePinKeys(k);
    k.flash.erase(addressOf(slot));
  }
  begin(k, Phase.Write, slot);
}

function onWritten(k: PinKeys, piece: string): void {
  const isGood = piece === k.text.substr(k.at, PIECE_BYTES);
  k.at += PIECE_BYTES;
  if (!isGood) return wipeSlot(k, k.index, Phase.Write);
  if (k.at < SLOT_BYTES) return doPiece(k);
  const before = k.slot;
  k.slot = k.index;
  wipeSlot(k, before, Phase.Ready);
}

function onWiped(k: PinKeys): void {
  k.at -= PIECE_BYTES;
  if (k.at >= 0) doPiece(k);
  else if (k.after === Phase.Find) findNext(k);
  else if (k.after === Phase.Write) writeNext(k);
  else k.phase = Phase.Ready;
}

function losePinKeys(k: PinKeys): void {
  k.phase = Phase.Lost;
  dropPinKey(k);
}

/** Bytes came from flash. */
export function onPinKeysFlash(k: PinKeys, text: string): void {
  if (k.phase === Phase.Write) onWritten(k, text);
  else if (k.phase === Phase.Wipe) onWiped(k);
  else if (k.phase !== Phase.Lost) onRead(k, text);
  if (k.phase >= Phase.Ready) k.text = "";
}
