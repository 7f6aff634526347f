/** `code` with each function in the part that alone calls it, and the source map of that. */
export function sink(code: string): { code: string; map: unknown };
