/** `tillet console`: what a board says, masked, until Ctrl-C. */
import { Talk } from "../../flash/line";
import { MaskedLines } from "../../flash/mask";
import { chooseLine } from "../../flash/node";

/** Ends with 0 at Ctrl-C, with 1 when the board goes away. `whenDone` ends it from outside. */
export async function watch(portName: string | undefined, whenDone = untilInterrupt()): Promise<number> {
  const { port, line } = await chooseLine(portName);
  const lines = new MaskedLines((text) => process.stdout.write(`${text}\n`));
  const talk = await Talk.open(line);
  talk.onText = (text) => lines.take(text);
  process.stderr.write(`${port}: Ctrl-C leaves.\n`);
  const isLeft = await Promise.race([whenDone.then(() => true), talk.whenPulled().then(() => false)]);
  await talk.close();
  lines.end();
  if (!isLeft) process.stderr.write(`${port} is gone.\n`);
  return isLeft ? 0 : 1;
}

function untilInterrupt(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
  });
}
