export interface Finding {
  file: string;
  line: number;
  construct: string;
  why: string;
}
export function checkDialect(code: string, map?: object | null, globals?: ReadonlySet<string>): Finding[];
export function formatFinding(finding: Finding): string;
