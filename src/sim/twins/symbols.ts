/** Symbols that a printer draws itself: QR code by lean-qr, Code 128 from the table of ISO/IEC 15417. Rows of modules, 1 for dark. */
import { correction, generate } from "lean-qr";
import { PrinterError } from "./commands";

const LEVELS = [correction.L, correction.M, correction.Q, correction.H];

/** `level`: 0 to 3 for L, M, Q, H. */
export function qrModules(data: string, level: number): Uint8Array[] {
  const wanted = LEVELS[level] ?? correction.L;
  const symbol = generate(data, { minCorrectionLevel: wanted, maxCorrectionLevel: wanted });
  return Array.from({ length: symbol.size }, (_, y) =>
    Uint8Array.from({ length: symbol.size }, (_, x) => (symbol.get(x, y) ? 1 : 0)),
  );
}

/** Widths of bars and spaces for values 0 to 106, the stop pattern last; table 1. */
const WIDTHS = (
  "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221223211221132" +
  "221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321112313132113132311211313" +
  "231113231311112133112331132131113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111" +
  "314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111" +
  "111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141" +
  "1141313111414111312114122112142112322331112"
).match(/^(?:[1-4]{6})+(?=[1-4]{7}$)|[1-4]{7}$/g) as string[];
const PATTERNS = [...((WIDTHS[0] as string).match(/.{6}/g) as string[]), WIDTHS[1] as string].map((widths) =>
  [...widths].flatMap((width, index) => new Array<number>(Number(width)).fill(index % 2 === 0 ? 1 : 0)),
);
const STARTS: Record<string, number> = { A: 103, B: 104, C: 105 };

export interface Code128 {
  modules: number[];
  /** As it is printed below the bars. */
  text: string;
}

/** The data of GS k 73: `{A`, `{B` or `{C` and what follows in that code set. Only the start's code set is known here. */
export function code128Modules(data: string): Code128 {
  const set = data[1] ?? "";
  const start = STARTS[set];
  if (data[0] !== "{" || start === undefined)
    throw new PrinterError("printer: GS k 73 without {A, {B or {C prints nothing");
  const chars = data.slice(2).replaceAll("{{", "{");
  const values = [...chars].map((char) => {
    const code = char.charCodeAt(0);
    const value = set === "C" ? code : set === "A" ? (code < 32 ? code + 64 : code - 32) : code - 32;
    if (value < 0 || value > (set === "C" ? 99 : 95)) throw new PrinterError(`printer: code set ${set} has no ${code}`);
    return value;
  });
  const check = values.reduce((sum, value, index) => sum + value * (index + 1), start) % 103;
  const modules = [start, ...values, check, 106].flatMap((value) => PATTERNS[value] as number[]);
  const text = set === "C" ? values.map((value) => String(value).padStart(2, "0")).join("") : chars;
  return { modules, text };
}
