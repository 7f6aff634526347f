/** Programs that the dialect check must refuse, and programs that it must let pass. */
import { GLOBAL_WHY, GLOBALS, ITERATORS, MEMBER_WHY, MEMBERS, METHODS } from "../../tools/dialect-rules.mjs";

/**
 * What is found, in order and each once; then what the engines that the reason names do: the program `fails` there, or `differs`
 * in what it shows on Node. Without either it is a rule of the house, or shown by another sample.
 */
export type Refused = readonly [code: string, finds: string | readonly string[], there?: "fails" | "differs"];

const CLASS = "ClassDeclaration";

const SYNTAX: Refused[] = [
  ["again: for (var i = 0; i < 2; i++) { continue again; } io.tx(i)", "LabeledStatement", "fails"],
  ["var o = { a: 1, b: 2 }, s = ''; for (var k in o) { s += k; delete o[k]; } io.tx(s)", "ForInStatement", "differs"],
  ["var o = { 2: 1, 1: 1 }, s = ''; for (var k in o) s += k; io.tx(s)", "ForInStatement", "differs"],
  ["function F() { io.tx(new.target === F) } new F()", "MetaProperty", "fails"],
  ["function first(s) { return s[0] } io.tx(first`x`)", "TaggedTemplateExpression", "fails"],
  ["io.tx(2 ** 3)", "**", "fails"],
  ["var x = 2; x **= 3; io.tx(x)", "**=", "fails"],
  ["var x = null; x ??= 3; io.tx(x)", "??=", "fails"],
  ["var x = 0; x ||= 3; io.tx(x)", "||=", "fails"],
  ["var x = 1; x &&= 3; io.tx(x)", "&&=", "fails"],
  ["var x = { a: 1 }; io.tx(x?.a)", "ChainExpression", "fails"],
  ["function f(a = 3) { return a } io.tx(f())", "AssignmentPattern", "fails"],
  ["var f = (a = 4) => a; io.tx(f())", "AssignmentPattern", "fails"],
  ["function f(...a) { return a.length } io.tx(f(1, 2))", "RestElement", "fails"],
  ["var f = (...a) => a.length; io.tx(f(1, 2))", "RestElement", "fails"],
  ["io.tx(Math.max(...[1, 2]))", "SpreadElement", "fails"],
  ["io.tx([...[1, 2]].length)", "SpreadElement", "fails"],
  ["io.tx({ ...{ a: 1 } }.a)", "SpreadElement", "fails"],
  ["var [a, b] = [1, 2]; io.tx(a + b)", "ArrayPattern", "fails"],
  ["var a, b; [a, b] = [1, 2]; io.tx(a + b)", "ArrayPattern", "fails"],
  ["var { a } = { a: 1 }; io.tx(a)", "ObjectPattern", "fails"],
  ["var { a: b } = { a: 1 }; io.tx(b)", "ObjectPattern", "fails"],
  ["function f({ a }) { return a } io.tx(f({ a: 1 }))", "ObjectPattern", "fails"],
  ["var k = 'a'; io.tx({ [k]: 1 }.a)", "computed key", "fails"],
  ["io.tx(JSON.stringify({ get a() { return 1 } }))", "accessor", "differs"],
  ["io.tx({ set a(v) {} }.a)", "accessor"],
  ["io.tx({ a() { return 1 } }.a())", "method shorthand"],
  ["var of = 1; io.tx(of)", "name `of`", "fails"],
  ["let of = 1; io.tx(2)", "name `of`", "fails"],
  ["function f(of) { return 2 } io.tx(f(1))", "name `of`", "fails"],
  ["class A { l = [] } var a = new A(), b = new A(); a.l.push(1); io.tx(b.l.length)", CLASS, "differs"],
  ["class A { f = () => this.v; constructor() { this.v = 4 } } io.tx(new A().f())", CLASS, "differs"],
  ["class A { static m() { return 1 } } class B extends A {} io.tx(B.m && B.m())", CLASS, "differs"],
  ["class A extends Error { constructor(m) { super(m) } } io.tx(new A('x').message)", CLASS, "differs"],
  ["var A = class { l = [] }, a = new A(); a.l.push(1); io.tx(new A().l.length)", "ClassExpression", "differs"],
  ["class A { #n = 5; get() { return this.#n } } io.tx(new A().get())", [CLASS, "PrivateIdentifier"], "fails"],
  ["class A { static { io.tx(1) } }", [CLASS, "StaticBlock"]],
  ["function* g() { yield 1 } io.tx(g().next().value)", ["generator", "YieldExpression"], "fails"],
  ["async function f() { await 1 } f()", ["async function", "AwaitExpression"], "fails"],
  ["var f = async () => 1; f()", "async function", "fails"],
  ["io.tx(10n + 1n)", "BigInt", "fails"],
  ["import a from 'b'", "ImportDeclaration"],
  ["import('a')", "ImportExpression"],
  ["export const a = 1", "ExportNamedDeclaration", "fails"],
  ["export default 1", "ExportDefaultDeclaration", "fails"],
  ["export * from 'a'", "ExportAllDeclaration", "fails"],
  ["debugger", "DebuggerStatement"],
  ["with (io) tx(1)", "syntax"],
];

const REGEXES: Refused[] = [
  ["io.tx(/^a{2}$/.test('aa'))", "regex {2", "differs"],
  ["io.tx(/(?:a)b/.test('ab'))", "regex (?", "differs"],
  ["io.tx(/a(?=b)/.test('ab'))", "regex (?", "differs"],
  ["io.tx(/a(?!b)/.test('ac'))", "regex (?", "differs"],
  ["io.tx(/a*?b/.test('aab'))", "regex *?", "differs"],
  ["io.tx(/a+?/.test('aaa'))", "regex +?", "differs"],
  ["io.tx(/a??b/.test('ab'))", "regex ??", "differs"],
  ["io.tx(/(ab)+c/.test('ababc'))", "regex )+", "differs"],
  ["io.tx(/(ab)*c/.test('c'))", "regex )*", "differs"],
  ["io.tx(/(ab)?c/.test('c'))", "regex )?", "differs"],
  ["io.tx(/\\ba/.test('x a'))", "regex \\b", "differs"],
  ["io.tx(/\\Ba/.test('xa'))", "regex \\B", "differs"],
  ["io.tx(/\\u0041/.test('A'))", "regex \\u", "differs"],
  ["io.tx(/(a)\\1/.test('aa'))", "regex \\1", "fails"],
  ["io.tx(/^b/m.test('a\\nb'))", "regex flag m", "differs"],
  ["io.tx(/a/y.test('ba'))", "regex flag y", "differs"],
  ["io.tx(/a.b/s.test('a\\nb'))", "regex flag s"],
  ["io.tx(/a/u.test('a'))", "regex flag u"],
  ["io.tx(/a/d.test('a'))", "regex flag d"],
  ["if (1) /a/.test('a') && io.tx(1)", "regex after if()", "fails"],
  ["var x = 1; while (x) /a/.test((x = '')); io.tx(2)", "regex after while()", "fails"],
  ["for (var i = 0; i < 1; i++) /a/.test('a'); io.tx(3)", "regex after for()", "fails"],
  ["for (var i of [1]) /a/.test('a'); io.tx(3)", "regex after for()", "fails"],
  ["io.tx('abc'.replace(/b/, '[$&]'))", "$& in replace", "differs"],
  ["io.tx('abc'.replace('b', '$$'))", "$& in replace", "differs"],
];

const ORDER: Refused[] = [
  ["switch (3) { default: io.tx('d'); break; case 3: io.tx('three') }", "default", "fails"],
  ["var e = 'k'; switch (1) { case 1: 'k' === e ? io.tx('same') : io.tx('other') }", "string after case", "differs"],
  ["var e = 'k'; switch (1) { case 1: `k` === e ? io.tx('same') : io.tx('other') }", "string after case", "differs"],
  ["function f() { return\n3 } io.tx(f())", "return, line break", "differs"],
  ["function f() { return\n-3 } io.tx(f())", "return, line break", "differs"],
  ["var x = 1, y = 1; io.tx(x<!--y\n)", "<!--"],
  ["var f = []; for (let i = 0; i < 2; i++) f.push(() => i); io.tx(f[0]())", "closure over loop variable i", "differs"],
  ["var f = []; for (const i of [1, 2]) f.push(() => i); io.tx(f[0]())", "closure over loop variable i", "differs"],
  ["function f() { var g = x => arguments[0]; return g(5) } io.tx(f(7))", "arguments in an arrow", "differs"],
  ["io.tx(f()); function f() { return 1 }", "f before its declaration", "fails"],
  ["io.tx(v === undefined); var v = 1", "v before its declaration", "fails"],
  ["let a = 1; { try { io.tx(a) } catch { io.tx('dead zone') } let a = 2 }", "a before its declaration", "differs"],
  ["if (0) { var v = 1 } io.tx(v === undefined)", "var v outside its block", "fails"],
  ["if (0) var v = 1; io.tx(v === undefined)", "var v outside its block", "fails"],
  ["while (0) var v = 1; io.tx(v === undefined)", "var v outside its block", "fails"],
  ["switch (2) { case 1: var v; break; default: io.tx(v === undefined) }", "var v outside its block", "fails"],
  ["var o = { v: 3, f: function () { return this.v } }; io.tx((o.f)())", "callee in brackets", "differs"],
];

const VALUES: Refused[] = [
  ["io.tx(+'010')", "unary +", "differs"],
  ["io.tx(Number('010'))", "Number()", "differs"],
  ["var a = [1, 2]; a.length = 0; io.tx(a.length)", ".length =", "fails"],
  ["var a = [1, 2]; a.length--; io.tx(a.length)", ".length =", "fails"],
  ["io.tx('a-b-c'.split('-', 2).length)", "split limit", "differs"],
  ["io.tx(JSON.stringify({ a: 1, b: 2 }, ['a']))", "JSON.stringify replacer", "differs"],
  ["io.tx(JSON.parse('[1]', function (k, v) { return k === '0' ? 2 : v })[0])", "JSON.parse reviver", "differs"],
  ["io.tx('\\u20ac')", "text beyond \\xFF"],
  ["io.tx(`\\u20ac`)", "text beyond \\xFF"],
  ["undeclared = 5", "global undeclared"],
  ["io.tx(sideways)", "global sideways"],
  ["io.tx(globalThis)", "global globalThis"],
  ["io.tx(new Date('x').getTime())", "global Date", "differs"],
  ["io.tx(typeof Promise.race)", "global Promise", "differs"],
  ["try { new DataView(new ArrayBuffer(1)).getUint32(0) } catch { io.tx(1) }", "global DataView", "differs"],
  ["try { null.x } catch (e) { io.tx(e instanceof TypeError) }", "global TypeError", "differs"],
  ["io.tx(Math.pow(2, 31))", "Math.pow", "differs"],
  ["io.tx(Math.round(-2.5))", "Math.round", "differs"],
  ["io.tx(Math.sin(0))", "Math.sin"],
  ["io.tx(Math.random())", "Math.random"],
  ["io.tx(typeof Array.prototype.concat)", "Array.prototype", "differs"],
  ["io.tx(typeof String.prototype.trim)", "String.prototype", "differs"],
  ["io.tx(typeof Uint8Array.prototype.set)", "Uint8Array.prototype", "differs"],
  ["io.tx(typeof Object.create(null).toString)", "Object.create", "differs"],
  [
    "var o = {}; Object.defineProperty(o, 'x', { enumerable: false }); io.tx(Object.keys(o).length)",
    "Object.defineProperty",
    "differs",
  ],
  ["io.tx('a'.replaceAll('a', function () { return 1 }))", ".replaceAll()", "differs"],
  ["io.tx((2.345).toFixed(2))", ".toFixed()", "differs"],
  ["io.tx([{ k: 1, i: 0 }, { k: 0 }, { k: 1, i: 2 }].sort((x, y) => x.k - y.k)[1].i)", ".sort()", "differs"],
  ["io.tx(new Uint8Array(2).slice(1) instanceof Uint8Array)", ".slice()", "differs"],
];

const isMissing = (reasons: Readonly<Record<string, string>>) =>
  Object.keys(reasons).filter((name) => reasons[name].startsWith("missing"));

/** A call that goes well everywhere else, so that only the engine can be at fault. */
function call(method: string): string {
  if (method in []) return `[1].${method}(x => 1)`;
  if (method === "normalize") return '"a".normalize()';
  if (method in String.prototype) return `"a".${method}("en")`;
  return method in Number.prototype ? `(5).${method}(1)` : `({}).${method}("x")`;
}

const MISSING: Refused[] = [
  ...isMissing(GLOBAL_WHY).map((name): Refused => [`io.tx(${name})`, `global ${name}`, "fails"]),
  ...isMissing(MEMBER_WHY).map((name): Refused => [`io.tx(typeof ${name})`, name, "differs"]),
  ...isMissing(METHODS).map((name): Refused => [call(name), `.${name}()`, "fails"]),
  ...[...ITERATORS].map((name): Refused => [`[1].${name}()`, `.${name}()`, "fails"]),
];

export const REFUSED: readonly Refused[] = [...SYNTAX, ...REGEXES, ...ORDER, ...VALUES, ...MISSING];

/** What the firmware may use, and what looks like something forbidden but is not. */
export const PASSING: readonly string[] = [
  "io.tx(`a${1 + 1}b${`c${3}`}`)",
  "var f = x => x + 1, g = (a, b) => { return a * b }, h = () => ({ b: 1 }); io.tx(f(2) + g(3, 4) + h().b)",
  "(() => io.tx(1))(); (function (a) { io.tx(a) })(2)",
  "var s = ''; for (var c of 'abc') s += c + '.'; for (const n of new Uint8Array([1, 2])) s += n; io.tx(s)",
  "for (var x of []) {} io.tx(x)",
  "for (var i = 0, s = ''; i < 4; i++) { if (i === 1) continue; if (i === 3) break; s += i } io.tx(s)",
  "var i = 0; do { i++ } while (i < 3); while (true) { break } for (;;) break; io.tx(i)",
  "try { throw new Error('m') } catch (e) { io.tx(e.message + (e instanceof Error)) } finally { io.tx('f') }",
  "try { throw 1 } catch { io.tx('caught') }",
  "io.tx((function () { try { return 1 } finally { io.tx('f') } })())",
  "switch ('b') { case 'a': io.tx(1); break; case 'b': case 'c': io.tx(2); break; default: io.tx(3) }",
  "var e = 'k'; switch (1) { case 1: e === 'k' ? io.tx('same') : io.tx('other') }",
  "var e = 'k'; switch (1) { case 1: { let y = 'k'; io.tx(y === e) } }",
  "var a = 1; { let a = 2; io.tx(a) } io.tx(a)",
  "const c = 1; try { c = 2 } catch (e) { io.tx('const') } io.tx(c)",
  "var f = []; for (var i = 0; i < 2; i++) { let k = i; f.push(function () { return k }) } io.tx(f[0]())",
  "var f = []; for (let i = 0; i < 2; i++) f.push({ i: i }); io.tx(f[0].i)",
  "var t = 0, io2 = { t: 7 }, f = []; for (let t = 0; t < 1; t++) f.push(() => io2.t); io.tx(f[0]())",
  "function g() { return f() } function f() { return 1 } io.tx(g())",
  "var f = function g(n) { return n ? n * g(n - 1) : 1 }; io.tx(f(5))",
  "function n(n) { return n + 1 } io.tx(n(1))",
  "var v; if (0) { v = 1 } io.tx(v)",
  "function f() { return arguments.length + arguments[1] } io.tx(f(7, 8, 9))",
  "function f() { return\n} io.tx(f())",
  "var x = 2, y = 1; io.tx(x < !y)",
  "var o = { v: 3, f: function () { return this.v } }; io.tx(o.f() + o.f.call({ v: 4 }) + o.f.bind({ v: 5 })())",
  "var a = 3, o = { a, 'b c': 4, 5: 6, delete: 7, of: 8 }; io.tx(o.a + o['b c'] + o[5] + o.delete + o.of)",
  "var o = { a: { b: 1 } }; o.a.b += 2; o.a.b <<= 2; o.a.b >>>= 1; o.a.b ^= 1; o.a.b %= 4; io.tx(o.a.b)",
  "var o = { a: 1 }; delete o.a; io.tx('a' in o); io.tx(Object.keys({ x: 1, y: 2 }).join())",
  "io.tx(Object.assign({}, { a: 2 }).a + Object.values({ a: 1 })[0] + Object.entries({ a: 1 })[0][1])",
  "io.tx(Object.prototype.hasOwnProperty.call({ a: 1 }, 'a'))",
  "io.tx(null ?? 4); io.tx(0 ?? 4); io.tx(undefined ?? (1 + 1))",
  "io.tx(1 < 2 && 3 || 4); io.tx(void 0); io.tx((1, 2)); io.tx(typeof null); io.tx(!0)",
  "io.tx(-1 >>> 0); io.tx(0xffffffff | 0); io.tx(65535 * 65535); io.tx(-7 % 3); io.tx(1 << 31); io.tx(~5)",
  "io.tx(0b101 + 0o17 + 1_000); io.tx(1e10); io.tx(9007199254740991); io.tx(1.5)",
  "io.tx(parseInt('010', 10)); io.tx(parseInt('ff', 16)); io.tx(parseFloat('010.5')); io.tx(isNaN(NaN))",
  "io.tx((255).toString(16)); io.tx(String(12)); io.tx('' + 1 + 2); io.tx('b' > 'a')",
  "io.tx(Math.floor(-2.5)); io.tx(Math.ceil(-2.5)); io.tx(Math.abs(-2)); io.tx(Math.max(1, 3, 2)); io.tx(Math.sqrt(16))",
  "io.tx([3, 2].concat([1]).join()); io.tx([1, 2].reverse()[0]); io.tx([1, 2, 3, 4].splice(1, 2).join())",
  "io.tx([1, 2, 3].map(x => x * 2).filter(x => x > 2).reduce((a, b) => a + b, 0)); io.tx([1, 2].includes(2))",
  "var a = [5, 6]; a.push(7); a.unshift(4); io.tx(a.shift() + a.pop()); io.tx(a.indexOf(6)); io.tx(a.length)",
  "io.tx([1, 2].some(x => x > 1)); io.tx([1, 2].every(x => x > 1)); io.tx([1, 2].find(x => x > 1)); io.tx([0, 0].fill(3)[1])",
  "io.tx('abc'.substr(1, 1) + 'abc'.substring(1) + 'abc'[1] + 'abc'.charAt(2)); io.tx('abc'.charCodeAt(0))",
  "io.tx('5'.padStart(3, '0') + '5'.padEnd(3, ' ') + 'ab'.repeat(2) + ' a '.trim()); io.tx('a,b,,c'.split(',').length)",
  "io.tx('Ab'.toUpperCase() + 'Ab'.toLowerCase()); io.tx('abc'.startsWith('ab')); io.tx('abc'.endsWith('bc'))",
  "io.tx('\\x41\\n\\xe9'.length); io.tx('\\xff'.charCodeAt(0)); io.tx(String.fromCharCode(65, 255).length)",
  "io.tx(/^[0-9]+$/.test('12')); io.tx(/^(a|bc)d$/.test('bcd')); io.tx(/[^0-9a-f]/i.test('Z')); io.tx(/[{?]/.test('{'))",
  "io.tx('aXbX'.replace(/X/g, '-')); io.tx('x-y'.replace(/(x)-(y)/, '$2-$1')); io.tx('a1b2'.match(/\\d/g).join())",
  "var r = (1, /a/.test('a')); if (r) { /b/.test('a') } else /a/.test('a'); io.tx(r); io.tx(/\\./.exec('a.b').index)",
  "var b = new Uint8Array(4); b.set([1, 2, 300], 1); io.tx(b.subarray(1, 3)[1]); b.fill(7, 2); io.tx(b[3] + b[1]); io.tx(b.length)",
  "var w = new Uint32Array(2), b = new Uint8Array(w.buffer, 4); w[1] = 258; io.tx(b[0]); io.tx(b[1]); io.tx(b.byteLength)",
  "io.tx(new Uint16Array([65537])[0] + new Int32Array([4294967295])[0] + new Float64Array([1.5])[0])",
  "io.tx(JSON.stringify({ a: [1, 'x', null, true], b: { c: '\"' } })); io.tx(JSON.parse('{\"a\":[1,2]}').a[1])",
  "io.tx(Array.isArray([]) && !Array.isArray({})); io.tx(new ArrayBuffer(8).byteLength)",
  ...[...GLOBALS, ...MEMBERS]
    .filter((name) => !["undefined", "io", "E", "Graphics", "btoa", "atob", "require"].includes(name))
    .map((name) => `io.tx(typeof ${name} !== "undefined")`),
];
