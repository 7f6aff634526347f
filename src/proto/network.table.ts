/** What packs sign-on and echo; see `codec.table`. A file of its own, as the terminal has it in memory only while it asks. */
import { headOf, packer } from "./codec.table";

const NETWORK = [11, 41, 42, 60];

export const NETWORK_HEAD = headOf("0800", NETWORK);
/** With the keys that were agreed on. */
export const KEYS_HEAD = headOf("0800", [...NETWORK, 62]);

export const NETWORK_FIELDS = [11, 41, 42, 60, 62] as const;
export const packNetwork = packer(NETWORK_FIELDS, [62]);
