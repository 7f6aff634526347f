/**
 * Marks each call of a function that is one expression and is called in one place alone: the minifier puts the expression there. On an
 * engine that runs from flash a function is seven variables for as long as it stands. A longer body would stay a function, made anew at
 * each call.
 */
import { parse } from "acorn";
import { ancestor } from "acorn-walk";
import MagicString from "magic-string";

const isLoop = ({ type }) => /^(For|While|DoWhile)/.test(type);
const isExpression = ({ body: { body } }) => body.length === 1 && body[0].type === "ReturnStatement";

/** `code` with such marks, and the source map of that. */
export function markOnce(code) {
  const text = new MagicString(code);
  const declared = new Set();
  const uses = new Map();
  const use = (node, _, ancestors) => {
    const parent = ancestors.at(-2);
    if (parent.type === "FunctionDeclaration" && parent.id === node) return;
    uses.set(node.name, [...(uses.get(node.name) ?? []), { node, parent, isInLoop: ancestors.some(isLoop) }]);
  };
  ancestor(parse(code, { ecmaVersion: "latest", sourceType: "module" }), {
    Identifier: use,
    VariablePattern: use,
    Function: (node) => node.type === "FunctionDeclaration" && isExpression(node) && declared.add(node.id.name),
  });
  for (const name of declared) {
    const [first, ...others] = uses.get(name) ?? [];
    if (!first || others.length > 0) continue;
    const { node, parent, isInLoop } = first;
    if (!isInLoop && parent.type === "CallExpression" && parent.callee === node)
      text.appendLeft(node.start, "/*@__INLINE__*/ ");
  }
  return { code: text.toString(), map: text.generateMap({ hires: true }) };
}
