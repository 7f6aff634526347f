/**
 * What runs alike on Espruino and JerryScript, and what each thing beyond it does there. `test/guards/dialect.test.ts` runs a
 * sample of every reason on the engines that it names, so a reason here is a measured one.
 */

const words = (text) => text.trim().split(/\s+/);
const all = (names, why) => Object.fromEntries(words(names).map((name) => [name, why]));

/** Syntax that runs on both engines. */
export const SYNTAX = new Set(
  words(`
    Program ExpressionStatement BlockStatement EmptyStatement ReturnStatement IfStatement SwitchStatement SwitchCase
    WhileStatement DoWhileStatement ForStatement ForOfStatement BreakStatement ContinueStatement ThrowStatement
    TryStatement CatchClause VariableDeclaration VariableDeclarator FunctionDeclaration FunctionExpression
    ArrowFunctionExpression Identifier Literal TemplateLiteral TemplateElement ThisExpression ArrayExpression ObjectExpression
    Property UnaryExpression UpdateExpression BinaryExpression LogicalExpression AssignmentExpression ConditionalExpression
    CallExpression NewExpression MemberExpression SequenceExpression
  `),
);

/** Parts of something that is a finding already. */
export const PARTS = new Set(
  words("ClassBody MethodDefinition PropertyDefinition Super ImportSpecifier ImportDefaultSpecifier ExportSpecifier"),
);

export const SYNTAX_WHY = {
  LabeledStatement: "labels do not run on Espruino",
  ForInStatement: "numeric keys come in another order on Espruino, and a delete in the loop ends it",
  TaggedTemplateExpression: "a syntax error on Espruino",
  SpreadElement: "a syntax error on Espruino",
  RestElement: "a syntax error on Espruino",
  ArrayPattern: "destructuring does not run on Espruino",
  ObjectPattern: "destructuring does not run on Espruino",
  AssignmentPattern: "default values are a syntax error on Espruino",
  MetaProperty: "a syntax error on Espruino",
  ChainExpression: "a syntax error on Espruino",
  YieldExpression: "generators are a syntax error on Espruino",
  AwaitExpression: "does not run on Espruino",
  ClassDeclaration: "statics, fields and `super` differ on Espruino; use records and functions",
  ClassExpression: "statics, fields and `super` differ on Espruino; use records and functions",
  PrivateIdentifier: "a syntax error on Espruino",
  StaticBlock: "a syntax error on both engines",
  ImportExpression: "modules are not loaded at run time",
  ImportDeclaration: "a bundle is one script",
  ExportNamedDeclaration: "does not run in a script on both engines",
  ExportDefaultDeclaration: "does not run in a script on both engines",
  ExportAllDeclaration: "does not run in a script on both engines",
  DebuggerStatement: "stops Espruino for good",
};

/** Operators and their assignments. `??` runs on both: only its assignment does not. */
export const OPERATORS = all("** **= ??= &&= ||=", "a syntax error on Espruino");

/** Globals of both engines, and of the transport (`io`). `E`, `Graphics`, `btoa`, `atob` and `require` are Espruino's: the board asks before it uses them. */
export const GLOBALS = new Set(
  words(`
    undefined NaN Infinity JSON Math String Number Array Object Error parseInt parseFloat isNaN Uint8Array Uint16Array
    Uint32Array Int32Array Float64Array ArrayBuffer io E Graphics btoa atob require
  `),
);

export const GLOBAL_WHY = {
  ...all(
    "Map Set WeakMap WeakSet Symbol Proxy Reflect BigInt RangeError EvalError URIError escape",
    "missing on Espruino",
  ),
  ...all("setTimeout setInterval clearTimeout console process global", "missing on JerryScript"),
  ...all(
    `TextEncoder TextDecoder Buffer Intl module exports window queueMicrotask setImmediate structuredClone fetch crypto
    performance`,
    "missing on both engines",
  ),
  Date: "an invalid date is 0 on Espruino; time is the board's duty",
  Promise: "race, allSettled and finally are not on Espruino; a bare engine runs no jobs by itself",
  DataView: "reads past the end on Espruino without throwing",
  TypeError: "the engine's own errors are plain ones on Espruino",
};
export const GLOBAL_UNKNOWN = "not among the globals that are known to be alike on both engines";

/** What Espruino gives a board of its own besides: only the boards' files may use it. */
export const ESPRUINO_GLOBALS = new Set(
  [
    "setTimeout clearTimeout setInterval getTime getSerial peek32 slots",
    "pinMode digitalRead digitalWrite analogRead analogWrite setWatch",
    "Serial2 Serial3 I2C1 SPI1 SPI2",
  ].flatMap((names) => names.split(" ")),
);

/** Members of the globals that are alike on both engines. */
export const MEMBERS = new Set(
  words(`
    JSON.parse JSON.stringify Math.abs Math.ceil Math.floor Math.max Math.min Math.sqrt String.fromCharCode Array.isArray
    Object.keys Object.values Object.entries Object.assign Object.prototype
  `),
);

export const MEMBER_WHY = {
  ...all(
    `Array.from Array.of String.raw String.fromCodePoint Math.trunc Math.imul Math.log2 Math.log10 Math.clz32 Math.cbrt
    Math.hypot Math.fround Number.isInteger Number.isSafeInteger Number.isNaN Number.isFinite Number.parseInt
    Number.parseFloat Number.EPSILON Number.MAX_SAFE_INTEGER Number.MIN_SAFE_INTEGER Object.freeze Object.isFrozen Object.seal
    Object.preventExtensions Object.is Object.hasOwn Uint8Array.from Uint8Array.of Uint8Array.BYTES_PER_ELEMENT
    ArrayBuffer.isView`,
    "missing on Espruino",
  ),
  ...all(
    "Array.prototype String.prototype Uint8Array.prototype",
    "has no methods on Espruino; use those of a value, `[].concat`",
  ),
  "Math.pow": "inexact on Espruino",
  "Math.round": "rounds halves below zero away from it on Espruino",
  "Math.random": "starts from a constant on every Espruino; randomness is the board's duty",
  "Object.defineProperty": "its flags are ignored on Espruino",
  "Object.create": "gives what it makes of null a prototype on Espruino",
};
export const MEMBER_UNKNOWN = "not among the members that are known to be alike on both engines";

/** Methods that no value may be asked for. */
export const METHODS = {
  ...all(
    `flat flatMap at lastIndexOf reduceRight copyWithin findLast findLastIndex localeCompare search trimStart trimEnd trimLeft
    trimRight codePointAt matchAll normalize toPrecision toExponential toLocaleString toLocaleLowerCase toLocaleUpperCase
    isPrototypeOf propertyIsEnumerable`,
    "missing on Espruino",
  ),
  replaceAll: "puts in the text of a function instead of calling it on Espruino",
  toFixed: "rounds differently on Espruino",
  sort: "not stable on Espruino",
  slice: "gives a plain Array for typed arrays on Espruino; use subarray or substr",
};
/** Missing on Espruino where they take nothing; `Object.keys(x)` is another thing. */
export const ITERATORS = new Set(["keys", "values", "entries"]);
