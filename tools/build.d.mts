export function isFresh(): boolean;
export function ensureBuilt(): Promise<void>;
