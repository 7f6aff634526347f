/**
 * `docs/jerryscript-port.md`: what a port of JerryScript has to give to the console bundle, out of the types of `src/board`: the orders of
 * `console.ts` with the comments of `board.ts`, and the happenings that answer them. Run by `npm run tables`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureInstalled, orStop, ROOT } from "./setup.mjs";

export const PORT_FILE = join(ROOT, "docs", "jerryscript-port.md");
const TEMPLATE_FILE = join(ROOT, "tools", "jerryscript-port.template.md");

/** A node's comment in one line, its stars and breaks taken out. */
function commentOf(ts, node) {
  const text = node.getSourceFile().text;
  const [last] = (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).slice(-1);
  if (!last) return "";
  return text
    .slice(last.pos, last.end)
    .replace(/^\/\*\*?|\*\/$/g, "")
    .replace(/^\s*\* ?/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}

async function parse(file) {
  const { default: ts } = await import("typescript");
  const path = join(ROOT, "src", "board", file);
  return { ts, source: ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true) };
}

/** Members of an enum: number, name, comment. */
function enumOf({ ts, source }, name) {
  const found = source.statements.find((each) => ts.isEnumDeclaration(each) && each.name.text === name);
  return found.members.map((member) => [member.initializer.getText(), member.name.getText(), commentOf(ts, member)]);
}

/** Comments of an interface's members, by name. */
function interfaceOf({ ts, source }, name) {
  const found = source.statements.find((each) => ts.isInterfaceDeclaration(each) && each.name.text === name);
  return new Map(found.members.map((member) => [member.name.getText(), commentOf(ts, member)]));
}

/** Every `name: (...) => send([...])`, and the store of randomness: which member sends which line. */
function ordersOf({ ts, source }) {
  const orders = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === "send") {
      let owner = node;
      while (!ts.isPropertyAssignment(owner) && !ts.isFunctionDeclaration(owner)) owner = owner.parent;
      const [list] = node.arguments;
      if (ts.isArrayLiteralExpression(list))
        orders.push({
          member: owner.name.getText(),
          name: list.elements[0].text,
          fields: list.elements.slice(1).map((each) => each.getText().replace(" ? 1 : 0", "")),
        });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return orders;
}

function table(titles, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}

function constantsOf({ ts, source }) {
  return source.statements
    .filter((each) => ts.isVariableStatement(each))
    .map((each) => {
      const [{ name, initializer }] = each.declarationList.declarations;
      return [`\`${name.getText()}\``, `\`${initializer.getText()}\``, commentOf(ts, each)];
    });
}

export async function renderPort() {
  const board = await parse("board.ts");
  const consoleBoard = await parse("console.ts");
  const comments = new Map([...interfaceOf(board, "Board"), ...interfaceOf(board, "Flash")]);
  const orders = ordersOf(consoleBoard).map(({ member, name, fields }) => [
    `\`${JSON.stringify([name, ...fields])
      .replaceAll(",", ", ")
      .replaceAll(`"`, "")}\``,
    `\`${member}\``,
    comments.get(member) ?? "",
  ]);
  const numbers = (name) => table(["number", name.toLowerCase(), "what it is"], enumOf(board, name));
  const parts = {
    orders: table(["line", "call", "what to do"], orders),
    happenings: numbers("Happening"),
    ports: numbers("Port"),
    groups: numbers("Group"),
    devices: numbers("Device"),
    flash: table(["constant", "value", "what it is"], constantsOf(board)),
    random: /const RANDOM = (\d+);/.exec(consoleBoard.source.text)[1],
    randomBytes: /const RANDOM_BYTES = (\d+);/.exec(consoleBoard.source.text)[1],
  };
  return readFileSync(TEMPLATE_FILE, "utf8").replace(/\{\{(\w+)\}\}/g, (_, name) => {
    if (!(name in parts)) throw new Error(`tools/jerryscript-port.template.md asks for ${name}, which there is not`);
    return parts[name];
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await orStop(async () => {
    ensureInstalled();
    writeFileSync(PORT_FILE, await renderPort());
  });
}
