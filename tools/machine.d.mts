export const MACHINE_FILE: string;
/** The page, as `npm run tables` writes it. */
export function renderMachine(): Promise<string>;
