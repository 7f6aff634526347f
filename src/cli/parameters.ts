/** `tillet parameters`: what terminals take at their contactless readers, from a file into the host. */
import { readFileSync } from "node:fs";
import { code as currencyOf } from "currency-codes";
import { openHost } from "../host/host";
import { keepParameters, readTerms, RECORD_BYTES_MAX, type TapTerms } from "../host/parameters";

export interface ParametersCommand {
  folder: string;
  databaseUrl: string | undefined;
  hostKeyFile?: string | undefined;
  file: string;
}

export async function parameters({ folder, databaseUrl, hostKeyFile, file }: ParametersCommand): Promise<number> {
  const terms = checked(file, () => readTerms(readFileSync(file, "utf8")));
  const host = await openHost({ folder, databaseUrl, hostKeyFile });
  try {
    const { record } = await host.store.transact((session) => keepParameters(session, terms));
    process.stdout.write(`${described(terms).join("\n")}\n${record.length} of ${RECORD_BYTES_MAX} bytes.\n`);
    process.stdout.write(
      `Terminals with ${terms.currency} load them when they next sign on or are silent for an hour.\n`,
    );
  } finally {
    await host.close();
  }
  return 0;
}

function checked<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

/** A line for the terminal's own data, then one for each application. */
function described({ version, currency, country, capabilities, type, apps }: TapTerms): string[] {
  const money = (minor: number) =>
    (minor / 10 ** (currencyOf(currency)?.digits ?? 0)).toFixed(currencyOf(currency)?.digits);
  const columns = ["AID", "kernel", "limit", "without CVM", "qualifiers", "version"];
  const rows = apps.map((app) => [
    app.aid.toUpperCase(),
    String(app.kernel),
    money(app.limitMinor),
    money(app.cvmLimitMinor),
    app.qualifiers.toUpperCase(),
    app.version.toUpperCase(),
  ]);
  const widths = columns.map((title, index) =>
    Math.max(...[title, ...rows.map((row) => row[index] ?? "")].map(({ length }) => length)),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  return [
    `Version ${version}: ${currency}, country ${country}, capabilities ${capabilities.toUpperCase()}, type ${type}`,
    ...[columns, ...rows].map(line),
  ];
}
