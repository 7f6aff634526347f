/**
 * A run on Node once more on a bare engine, without a world around it: the same happenings, power-on by power-on, and the engine has to
 * answer each with the same orders. All else is the same code with the same seed; so events, lines to the host and flash are the same, too.
 */
import { expect } from "vitest";
import { openEngine } from "../src/cli/world";
import type { Engine, EngineName, Order } from "../src/sim/engines/engine";
import type { PanelName } from "../src/sim/twins/panel";
import { type Played, playOn, type SharedHost } from "./world";

type Happening = Parameters<Engine["turn"]>;

interface Turn {
  happening: Happening;
  orders: Order[];
}

/** From power-on to the end of power. */
type Life = Turn[];

export interface Recorded extends Played {
  lives: Life[];
  panel: PanelName | undefined;
}

function recorder(engine: Engine): { engine: Engine; lives: Life[] } {
  const lives: Life[] = [];
  const start = () => {
    lives.push([]);
    return engine.start();
  };
  const turn: Engine["turn"] = async (...happening) => {
    const orders = await engine.turn(...happening);
    lives.at(-1)?.push({ happening, orders });
    return orders;
  };
  return { engine: { ...engine, start, turn }, lives };
}

/** Plays a script in Node and keeps what the firmware heard and said. */
export async function record(
  shared: SharedHost,
  script: string,
  options: Omit<Parameters<typeof playOn>[2] & object, "engine"> = {},
): Promise<Recorded> {
  const { engine, lives } = recorder(openEngine("node", options.panel));
  return { ...(await playOn(shared, script, { ...options, engine })), lives, panel: options.panel };
}

/** Throws at the first turn that the engine answers otherwise. */
export async function expectSameOn(name: EngineName, { lives, panel }: Recorded): Promise<void> {
  expect(lives.flat().length).toBeGreaterThan(0);
  const engine = openEngine(name, panel);
  try {
    for (const [life, turns] of lives.entries()) {
      await engine.start();
      for (const [index, { happening, orders }] of turns.entries()) {
        const answered = await engine.turn(...happening);
        if (JSON.stringify(answered) === JSON.stringify(orders)) continue;
        expect(answered, `power-on ${life + 1}, turn ${index + 1}, ${JSON.stringify(happening)}`).toEqual(orders);
      }
      await engine.stop();
    }
  } finally {
    await engine.stop();
  }
}
