/**
 * `var` of a function, or of the program, to its start, as `let`: the minifier declares what it inlines behind its use and relies on hoisting, which Espruino
 * does not do. Those declarations have no values.
 */
import { parse } from "acorn";
import { ancestor } from "acorn-walk";
import MagicString from "magic-string";

/** `code` without such a `var`, and the source map of that. */
export function hoist(code) {
  const text = new MagicString(code);
  const names = new Map();
  ancestor(parse(code, { ecmaVersion: "latest", sourceType: "module" }), {
    VariableDeclaration(node, _, ancestors) {
      const around = ancestors.findLast(({ type }) => /Function|Program/.test(type));
      if (node.kind !== "var" || node.declarations.some(({ init }) => init)) return;
      const declared = node.declarations.map(({ id }) => id.name);
      names.set(around, new Set([...(names.get(around) ?? []), ...declared]));
      text.remove(node.start, node.end);
    },
  });
  for (const [around, declared] of names) {
    const at = around.type === "Program" ? 0 : around.body.start + 1;
    text.appendLeft(at, `let ${[...declared].join()};`);
  }
  return { code: text.toString(), map: text.generateMap({ hires: true }) };
}
