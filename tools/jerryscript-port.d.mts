export const PORT_FILE: string;
export function renderPort(): Promise<string>;
