/** A terminal, a host, and somebody on the wire between them who hears everything and may say anything. */
import { BUNDLE, FACTORY_TID, factorySettings } from "../../src/cli/world";
import { openGateway } from "../../src/host/gateway";
import { type Host, openHost } from "../../src/host/host";
import { testKey } from "../../src/host/keys";
import type { Refusal } from "../../src/host/service";
import { openNode } from "../../src/sim/engines/node";
import { Handheld } from "../../src/sim/handheld";
import { factoryImage, readBook } from "../../src/sim/journal-image";
import { seededBytes } from "../../src/sim/random";
import { BOOT_MS } from "../../src/sim/script";
import { FlashTwin } from "../../src/sim/twins/flash";
import { Link } from "../host/link";
import { FASTEST, type Place } from "../host/stores";

export const TID = FACTORY_TID;
export const TRACK2 = ";4761739001010010=28122011143800000000?";
/** For a sign-on and what is made ahead of it. */
const SIGN_ON_MS = 1000;
/** Until the last key of several has been let go. */
const KEYS_MS = 1000;
/** Longer than all repeats of a request. */
const GIVE_UP_MS = 60_000;

/** What the terminal gets for a line it sent; several lines, or "" for silence. `ask` is the host itself. */
export type Attacker = (line: string, ask: (line: string) => Promise<string>) => Promise<string>;

export const honest: Attacker = (line, ask) => ask(line);

export function newImage(tid = TID): Uint8Array {
  return factoryImage(factorySettings(tid), testKey(tid));
}

export class Scene {
  /** Lines that went over the wire, without their ends. */
  readonly requests: string[] = [];
  readonly answers: string[] = [];
  private link: Link | null = null;

  private constructor(
    readonly host: Host,
    private readonly place: Place,
  ) {}

  static async open(tids: readonly string[] = [TID]): Promise<Scene> {
    const place = await FASTEST.openPlace();
    return new Scene(await openHost({ ...place, testTids: tids }), place);
  }

  async close(): Promise<void> {
    await this.link?.close();
    await this.host.close();
    await this.place.remove();
  }

  /** Says a line to the host: its answer, or "". */
  async ask(line: string): Promise<string> {
    this.link ??= await Link.open(this.host.gateway);
    return this.link.send(`${line}\n`);
  }

  /** Says it and expects silence, counted under this reason. */
  async refused(line: string): Promise<Refusal | ""> {
    const before = new Map(this.host.refusals);
    if ((await this.ask(line)) !== "") return "";
    return [...this.host.refusals.keys()].find((key) => this.host.refusals.get(key) !== before.get(key)) ?? "";
  }

  async ledger(): Promise<string> {
    const txns = await this.host.store.query(
      "select tid, stan, amount_minor, status from txn order by tid, batch, stan",
    );
    const accounts = await this.host.store.query("select account, balance_minor from account order by account");
    return JSON.stringify([txns, accounts]);
  }

  /** A terminal with this flash signs on, sells for 12.50 and is left alone for a while, the attacker between it and the host. */
  async sale(
    image: Uint8Array,
    attacker: Attacker = honest,
    { quietMs = GIVE_UP_MS, seed = 7 } = {},
  ): Promise<{ shown: string; image: Uint8Array; approved: number }> {
    const ask = async (line: string) => {
      const answer = await this.ask(line);
      if (answer) this.answers.push(answer.trimEnd());
      return answer;
    };
    const wire = await openGateway(
      0,
      "127.0.0.1",
      async (line) => {
        this.requests.push(line);
        return (await attacker(line, ask)) || null;
      },
      (error) => {
        throw error;
      },
    );
    const flash = new FlashTwin(Uint8Array.from(image));
    const screens: string[] = [];
    const handheld = new Handheld({
      engine: openNode(BUNDLE),
      flash,
      door: { address: "127.0.0.1", port: wire.port, quiet: (port, sent) => wire.quiet(port, sent) },
      onEvent: (_, event) => {
        if ("display" in event) screens.push(event.display.join("\n"));
      },
      randomBytes: seededBytes(seed),
    });
    await handheld.powerOn();
    await handheld.runFor(BOOT_MS + SIGN_ON_MS);
    for (const byte of "1250E") await handheld.press(byte);
    await handheld.runFor(KEYS_MS);
    await handheld.swipe({ t2: TRACK2 });
    await handheld.runFor(quietMs);
    await handheld.powerCut();
    await wire.close();
    return { shown: screens.join("\n"), image: flash.image, approved: readBook(flash.image).count };
  }
}

/** The same line with one bit of the frame turned. */
export function turned(line: string, bit: number): string {
  const bytes = Buffer.from(line, "base64");
  bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return bytes.toString("base64");
}

export function bitsOf(line: string): number {
  return Buffer.from(line, "base64").length * 8;
}
