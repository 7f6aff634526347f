/** `code` with what the minifier declares by `var` inside functions at their start, as `let`, and the source map of that. */
export function hoist(code: string): { code: string; map: unknown };
