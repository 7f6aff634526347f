/** Values of a script's inputs: what they may be, and what is said of one that is not. */

/** A script that cannot be played: what is wrong in it, and what would be right. */
export class ScriptError extends Error {}

/** The one of `allowed` that it is. */
export function oneOf<T extends string>(what: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined)
    throw new ScriptError(`${what} must be one of ${allowed.join(" ")}, not ${JSON.stringify(value)}`);
  return found;
}

export function whole(what: string, value: unknown, least: number, most: number, unit: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
    throw new ScriptError(`${what} must be whole ${unit} from ${least} to ${most}, not ${JSON.stringify(value)}`);
  }
  return value;
}

export function milliseconds(what: string, value: unknown): number {
  return whole(what, value, 0, 86400000, "milliseconds");
}

export function cardDigits(what: string, value: unknown): string {
  if (typeof value !== "string" || !/^([0-9]{6,8}|[0-9]{12,19})$/.test(value))
    throw new ScriptError(`${what} takes 6 to 8 digits that card numbers begin with, or a whole number`);
  return value;
}
