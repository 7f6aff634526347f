export interface Driver {
  file: string;
  tags: string[];
}
export interface Measured {
  bytes: number;
  jsVars: number | null;
}
export const TABLE_FILE: string;
export function readTags(file: string, text: string): string[] | null;
export function listDrivers(): Driver[];
export function measure(files: readonly string[], isEngineHere: boolean): Promise<Map<string, Measured>>;
export function readJsVars(text: string): Map<string, string>;
export function renderTable(
  drivers: readonly Driver[],
  measured: ReadonlyMap<string, Measured>,
  jsVarsOf: (file: string) => string,
): string;
