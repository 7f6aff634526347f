/** `tillet doctor`: which peripheral of a board works, which wire is wrong, and how far the way to the host goes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { examine, type Finding } from "../../flash/doctor";
import { examineNetwork } from "../../flash/doctor-net";
import { Espruino } from "../../flash/espruino";
import { Talk } from "../../flash/line";
import { chooseLine } from "../../flash/node";
import { type BoardWires, checksOf } from "../../flash/wiring";
import { UsageError } from "./values";
import { ROOT } from "./world";

const MARKS: Record<Finding["verdict"], string> = { ok: "OK  ", bad: "BAD ", look: "LOOK" };

/** Ends with 0, or 1 when something is wrong. The board starts its firmware again in the end. */
export async function doctor(board: string, portName: string | undefined): Promise<number> {
  const checks = checksOf(await wiresOf(board));
  const { port, line } = await chooseLine(portName);
  const talk = await Talk.open(line);
  try {
    const espruino = new Espruino(talk, port);
    await espruino.enter();
    await espruino.clear();
    process.stdout.write(`${port}: Espruino on ${espruino.name}\n`);
    const show = ({ device, verdict, text }: Finding) => process.stdout.write(`${MARKS[verdict]} ${device}: ${text}\n`);
    const findings = [...(await examine(espruino, checks, show)), ...(await examineNetwork(espruino, show))];
    await talk.send("\x10load();\n");
    return findings.some(({ verdict }) => verdict === "bad") ? 1 : 0;
  } finally {
    await talk.close();
  }
}

/** The profile's data, read as it is in the firmware's sources. */
export async function wiresOf(board: string): Promise<BoardWires> {
  const file = join(ROOT, "src", "board", "profiles", `${board}.ts`);
  if (!/^[a-z0-9-]+$/.test(board) || !existsSync(file))
    throw new UsageError(`--board ${board}: there is no such board.`);
  const { wiring } = (await import(pathToFileURL(file).href)) as { wiring: Partial<BoardWires> };
  if (!wiring.groups) throw new UsageError(`--board ${board}: it has no wires that could be wrong.`);
  return wiring as BoardWires;
}
