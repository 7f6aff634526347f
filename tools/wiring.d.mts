export const WIRING_FOLDER: string;
export function renderWiring(): Promise<Map<string, string>>;
