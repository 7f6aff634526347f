/**
 * `var` of a function to its start, as `let`: the minifier declares what it inlines behind its use and relies on hoisting, which Espruino
 * does not do. Those declarations have no values.
 */
import { parse } from "acorn";
import { ancestor } from "acorn-walk";
import MagicString from "magic-string";

/** `code` without such a `var`, and the source map of that. Those of the program itself stay. */
export function hoist(code) {
  const text = new MagicString(code);
  const names = new Map();
  ancestor(parse(code, { ecmaVersion: "latest", sourceType: "module" }), {
    VariableDeclaration(node, _, ancestors) {
      const around = ancestors.findLast(({ type }) => /Function/.test(type));
      if (node.kind !== "var" || !around || node.declarations.some(({ init }) => init)) return;
      const declared = node.declarations.map(({ id }) => id.name);
      names.set(around, new Set([...(names.get(around) ?? []), ...declared]));
      text.remove(node.start, node.end);
    },
  });
  for (const [{ body }, declared] of names) text.appendLeft(body.start + 1, `let ${[...declared].join()};`);
  return { code: text.toString(), map: text.generateMap({ hires: true }) };
}
