/** `code` with a mark for the minifier at each call of a function that is called nowhere else, and the source map of that. */
export function markOnce(code: string): { code: string; map: unknown };
