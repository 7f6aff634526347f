/** The request of PERF P4 and P5: 17 fields, among them chip data of 120 bytes and a MAC. */
import { headOf, packer } from "../../src/proto/codec.table";

export const FIELDS = [2, 3, 4, 11, 14, 22, 23, 25, 26, 35, 41, 42, 49, 53, 55, 60, 64] as const;
export const HEAD = headOf("0200", FIELDS);
export const pack = packer(FIELDS);
