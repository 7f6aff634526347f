/**
 * A bundle as the files that an engine with a file store runs from: parts that are read on first use stand in files of their own. An
 * interpreter reads past all of a function to find its end, so that a board would read the whole bundle at power-on.
 *
 * So are long texts: it copies each one into memory whenever it comes to it, while what it reads from the store stays in flash.
 *
 * A part is a function without parameters that declares others and ends in `return`. What stands in its file is evaluated in its place.
 */
import { type FunctionDeclaration, type Literal, type Node, parse, type ReturnStatement } from "acorn";
import { ancestor, type AncestorVisitors } from "acorn-walk";

/** The file that is run at power-on; the parts are t0, t1 ..., the texts s0, s1 ... */
export const MAIN = "tillet";
/** Shorter ones cost more to find than to read past. */
const PART_CHARS_MIN = 300;
const TEXT_CHARS_MIN = 150;

function walk(code: string | Node, visitors: AncestorVisitors<unknown>): void {
  ancestor(typeof code === "string" ? parse(code, { ecmaVersion: "latest", sourceType: "module" }) : code, visitors);
}

interface Part {
  node: FunctionDeclaration;
  /** Of its value, which it returns last. */
  valueFrom: number;
  valueTo: number;
}

function partOf(node: FunctionDeclaration): Part | null {
  const last = node.body.body.at(-1);
  const isPart = node.params.length === 0 && node.end - node.start >= PART_CHARS_MIN && returnsIn(node) === 1;
  if (!isPart || last?.type !== "ReturnStatement" || !last.argument) return null;
  return { node, valueFrom: last.argument.start, valueTo: last.argument.end };
}

/** Returns of the function itself. */
function returnsIn({ body }: FunctionDeclaration): number {
  let count = 0;
  walk(body, {
    ReturnStatement(_: ReturnStatement, __: unknown, ancestors: { type: string }[]) {
      if (!ancestors.some(({ type }) => /Function/.test(type))) count++;
    },
  });
  return count;
}

/** What is cut out of `code`, and what stands in its place. */
interface Cut {
  start: number;
  end: number;
  place: string;
}

/** What reads the file of this name out of the engine's file store. */
const fromStore = (name: string) => `require("Storage").read("${name}")`;

/** Each file by its name, the one to be run first; `reads` is what stands in the code where the text of another is wanted. */
export function splitParts(code: string, reads = fromStore): Map<string, string> {
  const files = new Map<string, string>([[MAIN, ""]]);
  const parts: Part[] = [];
  const cuts: Cut[] = [];
  walk(code, {
    FunctionDeclaration(node) {
      const part = partOf(node as FunctionDeclaration);
      if (part) parts.push(part);
    },
    Literal({ value, start, end }: Literal) {
      if (typeof value !== "string" || value.length < TEXT_CHARS_MIN) return;
      const name = `s${cuts.length}`;
      files.set(name, value);
      cuts.push({ start, end, place: reads(name) });
    },
  });
  parts.sort((a, b) => a.node.start - b.node.start);
  parts.forEach(({ node: { body } }, index) => {
    const place = `{return eval(${reads(`t${index}`)})}`;
    cuts.push({ start: body.start, end: body.end, place });
  });
  cuts.sort((a, b) => a.start - b.start);
  files.set(MAIN, without(code, cuts, 0, code.length));
  parts.forEach(({ node: { body }, valueFrom, valueTo }, index) => {
    const declared = without(code, cuts, body.start + 1, body.body.at(-1)?.start ?? 0);
    files.set(`t${index}`, `${declared};(${without(code, cuts, valueFrom, valueTo)})`);
  });
  return files;
}

/** `code` from `from` to `to`, the outermost of the cuts in it made. */
function without(code: string, cuts: readonly Cut[], from: number, to: number): string {
  let text = "";
  let at = from;
  for (const { start, end, place } of cuts) {
    if (start < at || end > to) continue;
    text += code.slice(at, start) + place;
    at = end;
  }
  return text + code.slice(at, to);
}
