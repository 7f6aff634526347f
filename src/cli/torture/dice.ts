/** All that is left to chance, from one seed. */
import { seededNumbers } from "../../sim/random";

export interface Dice {
  /** 0 to below `count`. */
  below(count: number): number;
  between(least: number, most: number): number;
  chance(percent: number): boolean;
  pick<T>(all: readonly T[]): T;
  /** By weight; a weight of 0 never comes. */
  weigh<T extends { weight: number }>(all: readonly T[]): T;
}

export function openDice(seed: number): Dice {
  const below = seededNumbers(seed);
  // Neighbouring seeds begin alike.
  for (let i = 0; i < 8; i++) below(2);
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (percent) => below(10000) < percent * 100,
    pick: (all) => all[below(all.length)] as (typeof all)[number],
    weigh: (all) => {
      let left = below(all.reduce((sum, { weight }) => sum + weight, 0));
      return all.find(({ weight }) => (left -= weight) < 0) as (typeof all)[number];
    },
  };
}
