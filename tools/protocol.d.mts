export const PROTOCOL_FILE: string;
export function renderProtocol(): Promise<string>;
