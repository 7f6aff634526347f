/**
 * What the compiler does not see: promises that nobody waits for, cases that nobody handles, functions that grew too long. The
 * firmware's dialect is refused in the source already, where the message can say what to write instead; the check of the
 * bundle (`tools/dialect.mjs`) has the last word.
 */
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const FIRMWARE = ["src/main*.ts", "src/{board,drivers,glyphs,proto,crypto,limits,txn}/**/*.ts"];
/** These run at build time, on Node: only the strings and numbers that they export get into the bundle. */
const TABLES = ["src/**/*.table.ts"];

const SYNTAX = [
  ["ClassDeclaration, ClassExpression", "Espruino shares fields and loses statics: use a record and functions."],
  ["TSEnumDeclaration[const!=true]", "A plain enum is an object in the bundle: use `const enum`, which costs nothing."],
  [":function > AssignmentPattern", "Espruino has no default values: pass the value, or write a second function."],
  ["RestElement", "Espruino has no rest parameters: pass an array."],
  ["SpreadElement", "Espruino has no spread: name the values, or use concat."],
  ["ArrayPattern, ObjectPattern", "Espruino has no destructuring: read each value by its name."],
  [":function[async=true], :function[generator=true]", "A bare engine has no jobs to go on with: send an event."],
  ["ForInStatement", "Espruino has another order of keys: use an array of records."],
  ["UnaryExpression[operator='+']", 'Espruino reads +"010" as 8: use fromDigits of proto/bytes.'],
  ["CallExpression[callee.name='Number']", 'Espruino reads Number("010") as 8: use fromDigits of proto/bytes.'],
  [
    "MemberExpression[property.name='toFixed']",
    "Espruino rounds another way: keep minor units, show them with txn/money.",
  ],
  ["MemberExpression[object.name='Math'][property.name='random']", "A board starts it from a constant: ask the board."],
  [
    "ImportDeclaration[source.value=/^[^.]/], ImportExpression",
    "A board has no Node and no packages: import own files.",
  ],
].map(([selector, message]) => ({ selector, message }));

const globals = (names, message) => names.split(" ").map((name) => ({ name, message }));
const GLOBALS = [
  ...globals("console process Buffer require globalThis", "A board has no Node: what it can do is in board/board."),
  ...globals("Date performance setTimeout setInterval", "Time is the board's: ask it, or take it from the event."),
];

export default defineConfig(
  { ignores: ["dist/", "data/", "coverage/", ".cache/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts", "**/*.mjs"],
    extends: [tseslint.configs.base],
    rules: {
      complexity: ["error", 18],
      eqeqeq: "error",
      "max-depth": ["error", 4],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      "max-params": ["error", 6],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["{src,test,flash}/**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-unsafe-unary-minus": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/restrict-plus-operands": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ["src/**/*.ts"],
    rules: {
      "max-lines-per-function": ["error", 60],
      "no-console": "error",
      "@typescript-eslint/no-unsafe-argument": "error",
      "@typescript-eslint/no-unsafe-assignment": "error",
      "@typescript-eslint/no-unsafe-call": "error",
      "@typescript-eslint/no-unsafe-member-access": "error",
    },
  },
  // Arithmetic written out limb by limb: a call for each line would cost more than the line.
  { files: ["src/crypto/**/*.ts"], rules: { "max-lines-per-function": ["error", 90] } },
  { files: ["src/{cli,host}/**/*.ts"], rules: { "no-console": "off" } },
  { files: ["test/**/*.ts", ...TABLES], rules: { "max-lines": "off" } },
  {
    files: FIRMWARE,
    ignores: [...TABLES, "src/board/check.ts"],
    rules: { "no-restricted-syntax": ["error", ...SYNTAX], "no-restricted-globals": ["error", ...GLOBALS] },
  },
);
