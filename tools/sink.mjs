/**
 * Functions that one part of the bundle alone calls are moved into it, whatever module they stand in: an engine that runs from flash
 * then has none of them in memory until that part is (`lazy` in `rollup.config.mjs`).
 *
 * A function that is used as a value stays, and one that makes functions: what is held of those would hold the whole part.
 */
import { parse } from "acorn";
import { ancestor } from "acorn-walk";
import MagicString from "magic-string";

const isFunction = ({ type }) => /Function/.test(type);
/** A part is a function in which others are declared. */
const isPart = ({ body }) => body.type === "BlockStatement" && body.body.some(isFunction);

/** Of each name: the functions around each use, from the outside in, and whether the use is a call. Also of each function. */
function readTree(tree) {
  const uses = new Map();
  const makers = new Set();
  const use = (node, _, ancestors) => {
    const parent = ancestors.at(-2);
    if (parent.type === "FunctionDeclaration" && parent.id === node) return;
    const isCall = parent.type === "CallExpression" && parent.callee === node;
    uses.set(node.name, [...(uses.get(node.name) ?? []), { isCall, around: ancestors.filter(isFunction) }]);
  };
  ancestor(tree, {
    Identifier: use,
    VariablePattern: use,
    Function: (node, _, ancestors) =>
      ancestors
        .slice(0, -1)
        .filter(isFunction)
        .forEach((each) => makers.add(each)),
  });
  return { uses, makers };
}

function commonStart(paths) {
  const [first, ...others] = paths;
  const end = first.findIndex((each, index) => others.some((path) => path[index] !== each));
  return end < 0 ? first : first.slice(0, end);
}

/** Each function that can be moved, with the parts that it then stands in, from the outside in. */
function placesOf(tree) {
  const { uses, makers } = readTree(tree);
  const candidates = tree.body.filter((each) => each.type === "FunctionDeclaration" && !makers.has(each));
  const places = new Map();
  const moved = (around) => (places.has(around[0]) ? [...places.get(around[0]), ...around] : around);
  for (let isMoving = true; isMoving;) {
    isMoving = false;
    for (const candidate of candidates) {
      const found = (uses.get(candidate.id.name) ?? []).filter(({ around }) => around[0] !== candidate);
      if (found.length === 0 || found.some(({ isCall }) => !isCall)) continue;
      const common = commonStart(found.map(({ around }) => moved(around)));
      const end = common.findIndex((each) => !isPart(each));
      const place = end < 0 ? common : common.slice(0, end);
      if (place.length === (places.get(candidate)?.length ?? 0)) continue;
      places.set(candidate, place);
      isMoving = true;
    }
  }
  return places;
}

/** `code` with its functions in their places, and the source map of that. */
export function sink(code) {
  const text = new MagicString(code);
  for (const [{ start, end }, place] of placesOf(parse(code, { ecmaVersion: "latest", sourceType: "module" }))) {
    const { body } = place.at(-1);
    text.appendLeft(body.start + 1, "\n").move(start, end, body.start + 1);
  }
  return { code: text.toString(), map: text.generateMap({ hires: true }) };
}
