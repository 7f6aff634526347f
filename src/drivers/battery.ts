/**
 * Battery: the voltage of a lithium-ion cell behind a divider, as a percentage that is true under load. What flows now drops voltage
 * in the battery's own resistance; that is added back before the open-circuit curve is asked. Levels have
 * hysteresis, and readings are smoothed, so that nothing flickers.
 *
 * Below CRITICAL_PERCENT no print may begin: the head's current would pull the cell under what the board needs in the middle of it.
 * At 5 % the curve says 3.5 V; 1.5 A through 0.15 ohm leave 3.27 V, and a protected cell cuts off at 3.0 V.
 *
 * Units: millivolts, milliampere, percent, ms. A battery that cannot be measured (no answer, or no cell's voltage) is unknown, forbids
 * nothing, and is asked again.
 *
 * Part: one lithium-ion cell behind a divider
 * Bus: ADC
 * Document: Maxim application note 4189
 * Pins: the divider's tap
 * Slowest: 500 ms, a board that does not answer
 */
import type { Board } from "../board/board";
import { CURVE_MV, TENTHS } from "./battery.table";

export const PERIOD_MS = 30000;
export const ANSWER_MS_MAX = 500;
export const LOW_PERCENT = 15;
export const CRITICAL_PERCENT = 5;
/** A level is left this much above where it was entered. */
export const HYSTERESIS_PERCENT = 3;
/** A cell outside of these is none: the pin is open, or the divider is another. */
const CELL_MV_MIN = 2500;
const CELL_MV_MAX = 4500;
/** A new reading counts for one part in so many, unless it differs by more than JUMP_MV: then the charger or the battery changed. */
const SMOOTHING = 4;
const JUMP_MV = 300;

export const enum BatteryLevel {
  Unknown = 0,
  Good = 1,
  Low = 2,
  /** No print may begin. */
  Critical = 3,
}

export interface Battery {
  board: Board;
  timer: number;
  isAsked: boolean;
  /** What the board drew when it was asked. */
  loadMilliamp: number;
  /** Smoothed, without load; 0 is unknown. */
  openMillivolt: number;
  /** 0 to 100, -1 is unknown. */
  percent: number;
  level: BatteryLevel;
}

export function openBattery(board: Board, timer: number): Battery {
  return {
    board: board,
    timer: timer,
    isAsked: false,
    loadMilliamp: 0,
    openMillivolt: 0,
    percent: -1,
    level: BatteryLevel.Unknown,
  };
}

/** Measures now and from then on. `isPrinting`: the printer's head is on. */
export function measureBattery(battery: Battery, isPrinting: boolean): void {
  const board = battery.board;
  const profile = board.profile;
  if (profile.batteryPerVolt === 0) return;
  battery.loadMilliamp = profile.idleMilliamp + (isPrinting ? profile.printMilliamp : 0);
  battery.isAsked = true;
  board.analog();
  board.timer(battery.timer, ANSWER_MS_MAX);
}

/** Millivolts at the pin. True when percentage or level changed. */
export function onBatteryAnalog(battery: Battery, pinMillivolt: number): boolean {
  if (!battery.isAsked) return false;
  battery.isAsked = false;
  const profile = battery.board.profile;
  battery.board.timer(battery.timer, PERIOD_MS);
  const cellMillivolt = ((pinMillivolt * profile.batteryPerVolt) / 1000) | 0;
  if (cellMillivolt < CELL_MV_MIN || cellMillivolt > CELL_MV_MAX) return change(battery, -1, BatteryLevel.Unknown);
  return smooth(battery, cellMillivolt + (((battery.loadMilliamp * profile.batteryMilliohm) / 1000) | 0));
}

/** The pause is over, or nothing was answered. True when percentage or level changed. */
export function onBatteryTimer(battery: Battery, isPrinting: boolean): boolean {
  if (!battery.isAsked) {
    measureBattery(battery, isPrinting);
    return false;
  }
  battery.isAsked = false;
  battery.board.timer(battery.timer, PERIOD_MS);
  return change(battery, -1, BatteryLevel.Unknown);
}

/** True unless the battery is known to be too weak for the printer's head. */
export function canPrint(battery: Battery): boolean {
  return battery.level !== BatteryLevel.Critical;
}

function smooth(battery: Battery, openMillivolt: number): boolean {
  const step = openMillivolt - battery.openMillivolt;
  const isJump = step > JUMP_MV || step < -JUMP_MV;
  battery.openMillivolt += isJump ? step : (step / SMOOTHING) | 0;
  const percent = percentOf(battery.openMillivolt);
  const level = battery.level;
  const critical = CRITICAL_PERCENT + (level === BatteryLevel.Critical ? HYSTERESIS_PERCENT : 0);
  const low = LOW_PERCENT + (level >= BatteryLevel.Low ? HYSTERESIS_PERCENT : 0);
  const next = percent < critical ? BatteryLevel.Critical : percent < low ? BatteryLevel.Low : BatteryLevel.Good;
  return change(battery, percent, next);
}

function change(battery: Battery, percent: number, level: BatteryLevel): boolean {
  const isNews = battery.percent !== percent || battery.level !== level;
  battery.percent = percent;
  battery.level = level;
  // The next reading is the first one.
  if (level === BatteryLevel.Unknown) battery.openMillivolt = 0;
  return isNews;
}

/** Charge of a cell by its open-circuit voltage, straight lines between the points of the curve. */
export function percentOf(openMillivolt: number): number {
  let lower = pointMillivolt(0);
  if (openMillivolt <= lower) return 0;
  for (let tenth = 1; tenth <= TENTHS; tenth++) {
    const upper = pointMillivolt(tenth);
    if (openMillivolt < upper) return tenth * 10 - 10 + ((((openMillivolt - lower) * 10) / (upper - lower)) | 0);
    lower = upper;
  }
  return 100;
}

function pointMillivolt(tenth: number): number {
  return parseInt(CURVE_MV.substr(tenth * 4, 4), 10);
}
