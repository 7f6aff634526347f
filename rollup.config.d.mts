import type { OutputOptions, RollupOptions } from "rollup";
export function bundleOf(input: string, file: string): RollupOptions & { output: OutputOptions };
