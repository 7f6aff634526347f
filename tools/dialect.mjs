/**
 * The dialect that Espruino and JerryScript both run, checked on the built bundle: what is not known to work is a finding. Each
 * rule names what goes wrong; `test/dialect.test.ts` has one failing sample a rule. Line numbers are the source's when a
 * source map is there.
 */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { parse } from "acorn";
import { ancestor } from "acorn-walk";

/** Syntax that runs on both engines. Whatever acorn finds beyond it is a finding. */
const SYNTAX = new Set(
  (
    "Program ExpressionStatement BlockStatement EmptyStatement ReturnStatement IfStatement SwitchStatement SwitchCase " +
    "WhileStatement DoWhileStatement ForStatement ForOfStatement ForInStatement BreakStatement ContinueStatement ThrowStatement " +
    "TryStatement CatchClause VariableDeclaration VariableDeclarator FunctionDeclaration FunctionExpression " +
    "ArrowFunctionExpression Identifier Literal TemplateLiteral TemplateElement ThisExpression ArrayExpression ObjectExpression " +
    "Property UnaryExpression UpdateExpression BinaryExpression LogicalExpression AssignmentExpression ConditionalExpression " +
    "CallExpression NewExpression MemberExpression SequenceExpression"
  ).split(" "),
);

/** What each kind of syntax outside the set does there. */
const SYNTAX_WHY = {
  LabeledStatement: "labels are a syntax error on Espruino",
  TaggedTemplateExpression: "tagged templates are a syntax error on Espruino",
  SpreadElement: "spread is a syntax error on Espruino",
  RestElement: "rest parameters are a syntax error on Espruino",
  ArrayPattern: "destructuring is a syntax error on Espruino",
  ObjectPattern: "destructuring is a syntax error on Espruino",
  AssignmentPattern: "default values are a syntax error on Espruino",
  MetaProperty: "new.target is a syntax error on Espruino",
  ChainExpression: "`?.` is a syntax error on Espruino",
  YieldExpression: "generators do not run on Espruino",
  AwaitExpression: "await needs a job queue that a bare engine does not run",
  ClassDeclaration: "classes: statics, fields and `super` differ; use records and functions",
  ClassExpression: "classes: statics, fields and `super` differ; use records and functions",
  WithStatement: "`with` does not run on Espruino",
  ImportExpression: "modules are not loaded at run time",
  ImportDeclaration: "modules are not loaded at run time",
  ExportNamedDeclaration: "exports are a syntax error in a script",
  ExportDefaultDeclaration: "exports are a syntax error in a script",
  PrivateIdentifier: "private names are a syntax error on Espruino",
  StaticBlock: "static blocks are a syntax error on both engines",
  DebuggerStatement: "`debugger` stops Espruino",
};

/** Globals of both engines, and of the transport (`io`). `E`, `btoa` and `atob` are Espruino's: the board asks before it uses them. */
const GLOBALS = new Set(
  (
    "undefined NaN Infinity JSON Math String Number Array Object Error parseInt parseFloat isNaN Uint8Array Uint16Array " +
    "Uint32Array Int32Array Float64Array ArrayBuffer arguments io E btoa atob"
  ).split(" "),
);

/** Members that are missing, or that answer differently. */
const MEMBERS = {
  "Array.from": "missing on Espruino",
  "Array.of": "missing on Espruino",
  "Array.prototype": "undefined on Espruino",
  "String.prototype": "undefined on Espruino",
  "Math.trunc": "missing on Espruino",
  "Math.sign": "missing on Espruino",
  "Math.imul": "missing on Espruino",
  "Math.pow": "inexact on Espruino",
  "Math.random": "starts from a constant on Espruino; randomness is the board's duty",
  "Number.isInteger": "missing on Espruino",
  "Number.isSafeInteger": "missing on Espruino",
  "Number.isNaN": "missing on Espruino",
  "Number.EPSILON": "missing on Espruino",
  "Number.MAX_SAFE_INTEGER": "missing on Espruino",
  "Object.freeze": "missing on Espruino",
  "Object.defineProperty": "its flags are ignored on Espruino",
  "Uint8Array.from": "missing on Espruino",
  "Uint8Array.BYTES_PER_ELEMENT": "missing on Espruino",
};

/** Methods that no value may be asked for. */
const METHODS = {
  flat: "missing on Espruino",
  flatMap: "missing on Espruino",
  at: "missing on Espruino",
  lastIndexOf: "missing on Espruino",
  reduceRight: "missing on Espruino",
  copyWithin: "missing on Espruino",
  localeCompare: "missing on Espruino",
  search: "missing on Espruino",
  trimStart: "missing on Espruino",
  trimEnd: "missing on Espruino",
  codePointAt: "missing on Espruino",
  matchAll: "missing on Espruino",
  replaceAll: "missing on Espruino",
  toFixed: "rounds differently on Espruino",
  toPrecision: "missing on Espruino",
  toLocaleString: "missing on Espruino",
  sort: "not stable on Espruino",
  slice: "gives a plain Array for typed arrays on Espruino; use subarray or substr",
};

const OPERATORS = { "**": "`**` is a syntax error on Espruino", "??": "`??` is a syntax error on Espruino", in: null };
const ASSIGNMENTS = new Set(["**=", "??=", "&&=", "||="]);
const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
const LOOPS = new Set(["ForStatement", "ForOfStatement", "ForInStatement", "WhileStatement", "DoWhileStatement"]);

/** Every finding in `code`, in its order. `map` is its source map, or null. */
export function checkDialect(code, map = null) {
  const found = [];
  const report = (node, construct, why) => found.push({ start: node.start, construct, why, ...place(node, map) });
  let tree;
  try {
    tree = parse(code, {
      ecmaVersion: "latest",
      sourceType: "module",
      locations: true,
      allowReturnOutsideFunction: true,
    });
  } catch (error) {
    return [{ file: "bundle", line: error.loc?.line ?? 0, construct: "syntax", why: error.message }];
  }
  const scopes = collectScopes(tree);
  ancestor(tree, {
    // acorn-walk calls this for every node, patterns included.
    ...Object.fromEntries(
      Object.keys(RULES).map((type) => [type, (node, _, parents) => RULES[type](node, parents, report, scopes, code)]),
    ),
  });
  walkAll(tree, (node) => {
    if (!SYNTAX.has(node.type)) report(node, node.type, SYNTAX_WHY[node.type] ?? "not known to run on both engines");
  });
  return found.sort((a, b) => a.start - b.start);
}

export function formatFinding(finding) {
  return `  ${finding.file}:${finding.line}: ${finding.construct}: ${finding.why}`;
}

function place(node, map) {
  const { line, column } = node.loc.start;
  const original = map ? originalPositionFor(new TraceMap(map), { line, column }) : null;
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
  const declare = (scope, id, kind, block) => {
    if (!scopes.has(scope)) scopes.set(scope, new Map());
    if (id?.type === "Identifier") scopes.get(scope).set(id.name, { id, kind, block });
  };
  ancestor(tree, {
    Function(node, _, parents) {
      const around = parents[parents.length - 2];
      if (node.type === "FunctionDeclaration") declare(owner(parents, parents.length - 2), node.id, "function", around);
      for (const parameter of node.params) declare(node, parameter, "parameter", node.body);
    },
    VariableDeclaration(node, _, parents) {
      const block = parents[parents.length - 2];
      const scope = node.kind === "var" ? owner(parents, parents.length - 2) : block;
      for (const each of node.declarations) declare(scope, each.id, node.kind, block);
    },
    CatchClause(node) {
      declare(node, node.param, "let", node.body);
    },
  });
  return scopes;
}

function owner(parents, from) {
  for (let i = from; i >= 0; i--)
    if (FUNCTIONS.has(parents[i].type) || parents[i].type === "Program") return parents[i];
  return null;
}

function resolve(name, parents, scopes) {
  for (let i = parents.length - 1; i >= 0; i--) {
    const found = scopes.get(parents[i])?.get(name);
    if (found) return { ...found, owner: owner(parents, i) };
  }
  return null;
}

/** Code of a function runs when it is called; everything else where it stands. */
function runsAtOnce(parents, ownerNode) {
  return owner(parents, parents.length - 2) === ownerNode;
}

const RULES = {
  Identifier(node, parents, report, scopes) {
    checkName(node, parents, report, scopes);
  },
  MemberExpression(node, parents, report) {
    if (node.computed) return;
    const name = node.property.name;
    const object = node.object.type === "Identifier" ? node.object.name : null;
    const member = MEMBERS[`${object}.${name}`];
    if (member) report(node, `${object}.${name}`, member);
  },
  BinaryExpression(node, parents, report) {
    if (node.operator === "**") report(node, "**", OPERATORS["**"]);
    if (node.operator === "<" && node.right.type === "UnaryExpression" && node.right.operator === "!") {
      report(node, "<!", "`<!--` starts a comment in some engines");
    }
  },
  UnaryExpression(node, parents, report) {
    if (node.operator === "+")
      report(node, "unary +", "reads a leading zero as octal on Espruino; use parseInt(x, 10)");
  },
  LogicalExpression(node, parents, report) {
    if (node.operator === "??") report(node, "??", OPERATORS["??"]);
  },
  AssignmentExpression(node, parents, report) {
    if (ASSIGNMENTS.has(node.operator)) report(node, node.operator, "a syntax error on Espruino");
    const left = node.left;
    if (left.type === "MemberExpression" && !left.computed && left.property.name === "length") {
      report(node, ".length =", "throws on Espruino; use splice");
    }
  },
  Property(node, parents, report) {
    if (node.computed) report(node, "computed key", "a syntax error on Espruino");
    if (node.kind !== "init") report(node, "accessor", "use a function");
    if (node.method) report(node, "method shorthand", "use `name: function`");
    if (node.key.type === "Identifier" && node.key.name === "of")
      report(node, "key `of`", "a syntax error on Espruino");
  },
  SwitchStatement(node, parents, report) {
    const at = node.cases.findIndex((each) => each.test === null);
    if (at >= 0 && at < node.cases.length - 1) report(node.cases[at], "default", "must be last on Espruino");
  },
  SwitchCase(node, parents, report, scopes, code) {
    const first = node.consequent[0];
    if (node.test && first && /["'`]/.test(code[first.start])) {
      report(first, "string after case", "a string right after `case x:` reads as empty on Espruino");
    }
  },
  IfStatement(node, parents, report, scopes, code) {
    if (code[node.consequent.start] === "/") report(node.consequent, "regex after if()", "a syntax error on Espruino");
  },
  ReturnStatement(node, parents, report, scopes, code) {
    if (!node.argument && /^return\s*\n\s*[\w"'([]/.test(code.slice(node.start, node.start + 40))) {
      report(node, "return, line break", "Espruino returns the next line's value");
    }
  },
  Literal(node, parents, report) {
    if (typeof node.value === "bigint" || node.bigint) report(node, "BigInt", "a syntax error on Espruino");
    if (node.regex) checkRegex(node, report);
  },
  CallExpression(node, parents, report) {
    const callee = node.callee;
    if (callee.type === "Identifier" && callee.name === "Number") {
      report(node, "Number()", "reads a leading zero as octal on Espruino; use parseInt(x, 10)");
    }
    if (callee.type !== "MemberExpression" || callee.computed) return;
    const name = callee.property.name;
    if (Object.hasOwn(METHODS, name)) report(callee.property, `.${name}()`, METHODS[name]);
    if (name === "split" && node.arguments.length > 1) report(node, "split limit", "ignored on Espruino");
    if (name === "stringify" && node.arguments.length > 1)
      report(node, "JSON.stringify replacer", "ignored on Espruino");
  },
  Function(node, parents, report, scopes) {
    if (node.generator) report(node, "generator", "does not run on Espruino");
    if (node.async) report(node, "async function", "needs a job queue that a bare engine does not run");
    checkCapture(node, parents, report, scopes);
  },
};

function checkRegex(node, report) {
  const { pattern, flags } = node.regex;
  if (/[msuyd]/.test(flags)) report(node, `regex flag ${flags}`, "not on Espruino");
  const bad = /\{\d|\(\?|[*+?]\?|\\[bBu]/.exec(pattern.replace(/\[[^\]]*\]/g, ""));
  if (bad) report(node, `regex ${bad[0]}`, "matches wrongly or not at all on Espruino, silently");
}

/** Free names must be known globals; a `var` or function must stand before what reads it; a `var` is not hoisted out of a block. */
function checkName(node, parents, report, scopes) {
  if (node.name === "of") report(node, "name `of`", "a syntax error on Espruino");
  if (node.name === "arguments") {
    const inner = parents.filter((each) => FUNCTIONS.has(each.type)).pop();
    if (inner?.type === "ArrowFunctionExpression") report(node, "arguments in an arrow", "wrong on Espruino");
    return;
  }
  const found = resolve(node.name, parents, scopes);
  if (!found) {
    if (!GLOBALS.has(node.name)) report(node, `global ${node.name}`, "is not there on every engine");
    return;
  }
  const isEarly = node.start < found.id.start && runsAtOnce(parents, found.owner);
  if (isEarly) report(node, `${node.name} before its declaration`, "nothing is hoisted on Espruino");
  const isOutside = found.kind === "var" && found.block !== found.owner.body && found.block.type === "BlockStatement";
  if (isOutside && !parents.includes(found.block)) {
    report(node, `var ${node.name} outside its block`, "`var` is not hoisted on Espruino");
  }
}

/** A function made in a loop that uses one of the loop's own names: all of them share the last value on Espruino. */
function checkCapture(node, parents, report, scopes) {
  for (let i = parents.length - 2; i >= 0; i--) {
    const loop = parents[i];
    if (FUNCTIONS.has(loop.type)) return;
    if (!LOOPS.has(loop.type)) continue;
    const head = loop.init ?? loop.left;
    if (head?.type !== "VariableDeclaration") continue;
    const names = head.declarations.map((each) => each.id.name);
    walkAll(node.body, (inner) => {
      if (inner.type === "Identifier" && names.includes(inner.name)) {
        report(inner, `closure over loop variable ${inner.name}`, "one shared variable on Espruino");
      }
    });
  }
}
