/**
 * The dialect that Espruino and JerryScript both run, checked on the built bundle: what is not known to work is a finding.
 * Line numbers are the source's when a source map is there. The lists are in `dialect-rules`.
 */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { parse } from "acorn";
import { ancestor } from "acorn-walk";
import * as rules from "./dialect-rules.mjs";

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
const LOOPS = new Set(["ForStatement", "ForOfStatement", "ForInStatement", "WhileStatement", "DoWhileStatement"]);
const OCTAL = "reads a leading zero as octal on Espruino; use parseInt(x, 10)";

/** Every finding in `code`, in its order. `map` is its source map, or null; `globals`: what one engine's boards have besides. */
export function checkDialect(code, map = null, globals = new Set()) {
  const found = [];
  const trace = map && new TraceMap(map);
  const report = (node, construct, why) => found.push({ start: node.start, construct, why, ...place(node, trace) });
  let tree;
  try {
    tree = parse(code, {
      ecmaVersion: "latest",
      sourceType: "module",
      locations: true,
      allowReturnOutsideFunction: true,
    });
  } catch (error) {
    const { line, column } = error.loc;
    const why = error.message;
    return [{ start: error.pos, construct: "syntax", why, ...place({ loc: { start: { line, column } } }, trace) }];
  }
  const bundle = { code, scopes: collectScopes(tree), globals };
  const visitors = Object.entries(RULES).map(([type, rule]) => [
    type,
    (node, _, parents) => rule(node, report, parents, bundle),
  ]);
  ancestor(tree, Object.fromEntries(visitors));
  walkAll(tree, (node) => {
    if (rules.SYNTAX.has(node.type) || rules.PARTS.has(node.type)) return;
    report(node, node.type, rules.SYNTAX_WHY[node.type] ?? "not known to run on both engines");
  });
  return found.sort((a, b) => a.start - b.start);
}

export function formatFinding(finding) {
  return `  ${finding.file}:${finding.line}: ${finding.construct}: ${finding.why}`;
}

function place(node, trace) {
  const { line, column } = node.loc.start;
  const original = trace && originalPositionFor(trace, { line, column });
  return original?.source
    ? { file: original.source.replace(/^(\.\.\/)+/, ""), line: original.line }
    : { file: "bundle", line };
}

function walkAll(node, visit) {
  visit(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof child.type === "string") walkAll(child, visit);
    }
  }
}

/**
 * Where each name is declared: the node that opens the scope -> name -> declaring identifier. `let` and `const` belong to
 * their block or loop, `var`, functions and parameters to their function; the program is one too.
 */
function collectScopes(tree) {
  const scopes = new Map();
  const declare = (scope, pattern, kind, block) => {
    if (!scopes.has(scope)) scopes.set(scope, new Map());
    const names = scopes.get(scope);
    walkAll(pattern, (id) => {
      if (id.type === "Identifier" && !names.has(id.name)) names.set(id.name, { id, kind, block });
    });
  };
  ancestor(tree, {
    Function(node, _, parents) {
      const around = parents[parents.length - 2];
      if (node.type === "FunctionDeclaration") declare(owner(parents, parents.length - 2), node.id, "function", around);
      else if (node.id) declare(node, node.id, "parameter", node.body);
      for (const parameter of node.params) declare(node, parameter, "parameter", node.body);
    },
    VariableDeclaration(node, _, parents) {
      const block = parents[parents.length - 2];
      const scope = node.kind === "var" ? owner(parents, parents.length - 2) : block;
      for (const each of node.declarations) declare(scope, each.id, node.kind, block);
    },
    Class(node, _, parents) {
      if (node.id) declare(parents[parents.length - 2], node.id, "let", parents[parents.length - 2]);
    },
    CatchClause(node) {
      if (node.param) declare(node, node.param, "let", node.body);
    },
  });
  return scopes;
}

function owner(parents, from) {
  for (let i = from; i >= 0; i--) {
    if (FUNCTIONS.has(parents[i].type) || parents[i].type === "Program") return parents[i];
  }
  return null;
}

function resolve(name, parents, scopes) {
  for (let i = parents.length - 1; i >= 0; i--) {
    const found = scopes.get(parents[i])?.get(name);
    if (found) return { ...found, owner: owner(parents, i) };
  }
  return null;
}

const RULES = {
  Identifier: checkName,
  // What is assigned to or declared, which the walker tells apart.
  VariablePattern: checkName,
  MemberExpression(node, report, parents, { scopes }) {
    const { object, property } = node;
    if (node.computed || object.type !== "Identifier" || ["io", "E", "Graphics"].includes(object.name)) return;
    if (!rules.GLOBALS.has(object.name) || resolve(object.name, parents, scopes)) return;
    const name = `${object.name}.${property.name}`;
    if (!rules.MEMBERS.has(name)) report(node, name, rules.MEMBER_WHY[name] ?? rules.MEMBER_UNKNOWN);
  },
  BinaryExpression(node, report) {
    const { operator, right } = node;
    if (Object.hasOwn(rules.OPERATORS, operator)) report(node, operator, rules.OPERATORS[operator]);
    const isComment = operator === "<" && right.operator === "!" && right.argument.operator === "--";
    if (isComment && right.argument.prefix) report(node, "<!--", "starts a comment in some engines");
  },
  UnaryExpression(node, report) {
    if (node.operator === "+") report(node, "unary +", OCTAL);
  },
  UpdateExpression(node, report) {
    checkLength(node.argument, report);
  },
  AssignmentExpression(node, report) {
    if (Object.hasOwn(rules.OPERATORS, node.operator)) report(node, node.operator, rules.OPERATORS[node.operator]);
    checkLength(node.left, report);
  },
  Property(node, report) {
    if (node.computed) report(node, "computed key", "a syntax error on Espruino");
    if (node.kind !== "init") report(node, "accessor", "left out of JSON on Espruino; use a function");
    if (node.method) report(node, "method shorthand", "house style; use `name: function`");
  },
  SwitchStatement(node, report) {
    const at = node.cases.findIndex((each) => each.test === null);
    if (at >= 0 && at < node.cases.length - 1) {
      report(node.cases[at], "default", "a `case` after it is a syntax error on Espruino");
    }
  },
  SwitchCase(node, report, _, { code }) {
    const first = node.consequent[0];
    if (!node.test || !first || !/["'`]/.test(code[first.start])) return;
    report(first, "string after case", "a string that starts what follows `case x:` reads as empty on Espruino");
  },
  IfStatement: (node, report, _, bundle) => checkAfterBracket(node.consequent, "if()", report, bundle),
  WhileStatement: (node, report, _, bundle) => checkAfterBracket(node.body, "while()", report, bundle),
  ForStatement: (node, report, _, bundle) => checkAfterBracket(node.body, "for()", report, bundle),
  ForOfStatement: (node, report, _, bundle) => checkAfterBracket(node.body, "for()", report, bundle),
  ReturnStatement(node, report, _, { code }) {
    if (!node.argument && /^return[^\S\n]*\n\s*[^\s};]/.test(code.slice(node.start))) {
      report(node, "return, line break", "gives back the next line's value on Espruino");
    }
  },
  Literal(node, report) {
    if (node.bigint) report(node, "BigInt", "a syntax error on Espruino");
    if (node.regex) checkRegex(node, report);
    if (typeof node.value === "string") checkText(node, node.value, report);
  },
  TemplateElement(node, report) {
    checkText(node, node.value.cooked ?? "", report);
  },
  CallExpression(node, report) {
    const { callee } = node;
    if (callee.type === "Identifier" && callee.name === "Number") report(node, "Number()", OCTAL);
    if (callee.type !== "MemberExpression" || callee.computed) return;
    if (callee.start > node.start) report(node, "callee in brackets", "loses `this` on Espruino");
    checkMethod(node, callee.property, report);
  },
  Function(node, report) {
    if (node.generator) report(node, "generator", "a syntax error on Espruino");
    if (node.async) report(node, "async function", "does not run on Espruino");
  },
};

function checkLength(target, report) {
  if (target.type !== "MemberExpression" || target.computed || target.property.name !== "length") return;
  report(target, ".length =", "throws on Espruino; use splice");
}

function checkAfterBracket(statement, head, report, { code }) {
  if (code[statement.start] === "/") report(statement, `regex after ${head}`, "a syntax error on Espruino");
}

/** The build writes such text as `\uNNNN`, and the boards have one byte a character. */
function checkText(node, text, report) {
  for (const char of text) {
    if (char > "\xff") return report(node, "text beyond \\xFF", "cut to its low byte on ESP32 builds");
  }
}

function checkMethod(node, property, report) {
  const { name } = property;
  const { length } = node.arguments;
  if (Object.hasOwn(rules.METHODS, name)) report(property, `.${name}()`, rules.METHODS[name]);
  if (rules.ITERATORS.has(name) && length === 0) report(property, `.${name}()`, "missing on Espruino");
  if (name === "split" && length > 1) report(node, "split limit", "ignored on Espruino");
  if (name === "stringify" && length > 1) report(node, "JSON.stringify replacer", "ignored on Espruino");
  if (name === "parse" && length > 1) report(node, "JSON.parse reviver", "ignored on Espruino");
  if (name === "replace" && /\$[&$`']/.test(node.arguments[1]?.value)) {
    report(node, "$& in replace", "put in as it stands on Espruino");
  }
}

/** A set in square brackets counts as one character, and so does what is escaped, but for what means more. */
function checkRegex(node, report) {
  const { pattern, flags } = node.regex;
  if (/[^gi]/.test(flags)) report(node, `regex flag ${flags.replace(/[gi]/g, "")}`, "not kept to on Espruino");
  const plain = pattern.replace(/\[(?:\\.|[^\]\\])*\]|\\[^bBu1-9]/g, "a");
  if (/\\[1-9]/.test(plain)) report(node, "regex \\1", "throws on Espruino");
  const bad = /\{\d|\(\?|[*+?]\?|\)[*+?]|\\[bBu]/.exec(plain);
  if (bad) report(node, `regex ${bad[0]}`, "matches wrongly on Espruino, or not at all");
}

/** Free names must be known globals, and a declaration must stand before what uses it. */
function checkName(node, report, parents, { scopes, globals }) {
  const { name } = node;
  if (name === "of") report(node, "name `of`", "a syntax error on Espruino");
  if (parents[parents.length - 2]?.id === node) return;
  const around = owner(parents, parents.length - 2);
  if (name === "arguments") {
    if (around.type === "ArrowFunctionExpression") report(node, "arguments in an arrow", "the arrow's own on Espruino");
    return;
  }
  const found = resolve(name, parents, scopes);
  if (!found) {
    if (!rules.GLOBALS.has(name) && !globals.has(name))
      report(node, `global ${name}`, rules.GLOBAL_WHY[name] ?? rules.GLOBAL_UNKNOWN);
    return;
  }
  // A function's code runs when it is called; all else where it stands.
  if (node.start < found.id.start && around === found.owner) {
    report(node, `${name} before its declaration`, "nothing is hoisted on Espruino");
  }
  if (found.kind === "var") checkVar(node, report, parents, found);
  else if (LOOPS.has(found.block.type) && around !== found.owner) {
    report(node, `closure over loop variable ${name}`, "one variable for all turns on Espruino");
  }
}

/** The head of a loop always runs; what stands in a branch or a loop's body may not. */
function checkVar(node, report, parents, { block, id, owner }) {
  const isInHead = LOOPS.has(block.type) && id.start < block.body.start;
  if (isInHead || block === owner || block === owner.body || parents.includes(block)) return;
  report(node, `var ${node.name} outside its block`, "`var` is not hoisted on Espruino");
}
