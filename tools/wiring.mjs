/** `flash/wiring.md` and its drawings `flash/wiring-NAME.svg`, out of the board profiles. Run by `npm run tables`. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureInstalled, orStop, ROOT } from "./setup.mjs";

export const WIRING_FOLDER = join(ROOT, "flash");
const PROFILES = join(ROOT, "src", "board", "profiles");

/** What a part runs on, besides ground. */
const SUPPLIES = {
  printer: "5 to 9 V, 2 A, its own supply",
  PN532: "3.3 V",
  I2C: "3.3 V",
  panel: "3.3 V",
  keypad: "none, 3.3 V if serial",
  lamps: "330 Ohm each",
  "stripe head": "3.3 V",
  battery: "the cell's plus",
  buzzer: "none",
};
const COLOURS = ["#1f5fa8", "#b0492f", "#2f7d4f", "#7a4fa3", "#a3741f", "#1f8a8a", "#8a1f55", "#5a5a5a"];

const ROW = 22;
const GAP = 16;
const TOP = 48;
const BOARD = { left: 20, width: 150 };
const PART = { left: 430, width: 230 };

/** Boards with pins, by name, each with its parts and their wires. */
async function boards() {
  const { tsImport } = await import("tsx/esm/api");
  const { usesOf } = await tsImport("../src/board/check.ts", import.meta.url);
  const names = readdirSync(PROFILES)
    .map((file) => file.replace(/\.ts$/, ""))
    .sort();
  const found = [];
  for (const name of names) {
    const { wiring, kit } = await tsImport(`../src/board/profiles/${name}.ts`, import.meta.url);
    if (!kit) continue;
    const uses = usesOf(wiring);
    const parts = [...new Set(uses.map(({ part }) => part))];
    const wired = parts.map((part) => ({ part, wires: uses.filter((use) => use.part === part) }));
    found.push({ name, wiring, kit, parts: wired });
  }
  return found;
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const isSoldered = (kit, { wires }) => wires.every(({ pin }) => kit.soldered.includes(pin));

function drawing({ name, kit, parts }) {
  const shapes = [];
  let y = TOP;
  const text = (x, at, content, more = "") =>
    shapes.push(`<text x="${x}" y="${at}" ${more}>${escaped(content)}</text>`);
  parts.forEach((each, index) => {
    const { part, wires } = each;
    const colour = COLOURS[index % COLOURS.length];
    const height = (wires.length + 1) * ROW;
    shapes.push(`<rect x="${PART.left}" y="${y}" width="${PART.width}" height="${height}" rx="4" class="part"/>`);
    text(PART.left + 10, y + 16, part, 'class="name"');
    const supply = isSoldered(kit, each) ? "soldered" : SUPPLIES[part];
    text(PART.left + PART.width - 10, y + 16, supply === "none" ? "" : supply, 'class="note" text-anchor="end"');
    wires.forEach(({ pin, wire, isDriven }, i) => {
      const at = y + ROW * (i + 1) + 10;
      const dash = kit.soldered.includes(pin) ? ' stroke-dasharray="3 4"' : "";
      const [from, to] = [BOARD.left + BOARD.width, PART.left];
      shapes.push(`<path d="M${from} ${at}H${to}" stroke="${colour}" stroke-width="2"${dash}/>`);
      const tip = isDriven ? `M${to - 9} ${at - 4}l8 4l-8 4z` : `M${from + 9} ${at - 4}l-8 4l8 4z`;
      shapes.push(`<path d="${tip}" fill="${colour}"/>`);
      text(from - 10, at + 4, pin.replace("D", "GPIO "), 'text-anchor="end"');
      text(to + 10, at + 4, wire);
    });
    y += height + GAP;
  });
  const bottom = y - GAP;
  const width = PART.left + PART.width + 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 56}" width="${width}" height="${bottom + 56}">
<title>Wiring of ${escaped(kit.title)}</title>
<style>text{font:13px sans-serif;fill:#222}.name{font-weight:bold}.note{font-size:11px;fill:#666}.part{fill:#f6f4ee;stroke:#999}.board{fill:#e4ebf2;stroke:#557}path{fill:none}</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="20" y="28" class="name" style="font-size:16px">${escaped(`${name}: ${kit.title}`)}</text>
<rect x="${BOARD.left}" y="${TOP}" width="${BOARD.width}" height="${bottom - TOP}" rx="4" class="board"/>
<text x="${BOARD.left + 10}" y="${TOP + 16}" class="name">${escaped(kit.module.split(",")[0])}</text>
${shapes.join("\n").replaceAll(/<path d="([^"]+)" fill="([^"]+)"\/>/g, '<path d="$1" style="fill:$2"/>')}
<text x="20" y="${bottom + 24}" class="note">Ground of every part and of its supply goes to GND of the board. An arrow points to the one that listens.</text>
<text x="20" y="${bottom + 42}" class="note">Dashed: wired by the board's maker.</text>
</svg>
`;
}

function table(titles, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}

function page(board) {
  const { name, kit, parts } = board;
  const rows = parts.flatMap((each) =>
    each.wires.map(({ pin, wire, isDriven }, i) => [
      pin.replace("D", "GPIO "),
      isDriven ? "->" : "<-",
      i === 0 ? `**${each.part}**` : each.part,
      wire,
      i > 0 ? "" : isSoldered(kit, each) ? "soldered" : SUPPLIES[each.part],
    ]),
  );
  const facts = ["module", "panel", "printer", "reader", "stripe"].map((fact) => `- ${fact}: ${kit[fact]}`);
  return `## ${name}: ${kit.title}

![Wiring of ${kit.title}](wiring-${name}.svg)

${facts.join("\n")}
${kit.notes.map((note) => `- ${note}`).join("\n")}

${table(["board", "", "part", "its wire", "supply"], rows)}
`;
}

const HEAD = `# Wiring

Generated by \`npm run tables\` from the board profiles in \`src/board/profiles\`; a test keeps it current. Every pin was checked by
\`src/board/check.ts\`: none is used twice, none that is an input only is driven, and none that decides how the chip boots or that flash, PSRAM
or console need. Ground of every part goes to GND of the board; signals are 3.3 V.
`;

/** Files of the folder by name. */
export async function renderWiring() {
  const all = await boards();
  const files = new Map(all.map((board) => [`wiring-${board.name}.svg`, drawing(board)]));
  files.set("wiring.md", [HEAD, ...all.map(page)].join("\n"));
  return files;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await orStop(async () => {
    ensureInstalled();
    for (const [name, text] of await renderWiring()) writeFileSync(join(WIRING_FOLDER, name), text);
  });
}
