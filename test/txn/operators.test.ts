/** Operators on simulated flash and at the terminal: no PIN in clear, no try for nothing wherever the power goes, the settings always whole. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { TEST_ADMIN_PIN } from "../../src/cli/world";
import { startStretch, STRETCH_ROUNDS, stretched, stretchOn } from "../../src/crypto/stretch";
import { ADMIN, keptPin } from "../../src/host/operator-pin";
import { plain } from "../../src/proto/plain";
import { readOperators } from "../../src/sim/operator-image";
import { seededBytes } from "../../src/sim/random";
import { AREAS, FlashTwin, PAGE_BYTES, type PlannedCut, PowerCut } from "../../src/sim/twins/flash";
import { mayDo, roleOf } from "../../src/txn/login";
import {
  entryAt,
  hasOperators,
  isBookBusy,
  loadOperators,
  onBookFlash,
  openOperatorBook,
  putEntry,
  REMOVED,
} from "../../src/txn/operator-book";
import { Duty, NEEDS_WHOM, Role, WAIT_MINUTES } from "../../src/txn/operators.table";
import { openTerminal, State } from "../../src/txn/state";
import { Task } from "../../src/txn/tasks";
import { newImage } from "../world";
import { settings } from "./samples";
import { WorksBench } from "./works";

const SECRET = Buffer.alloc(32, "tillet test secret of operators ");
const WITH = { operators: "on" } as const;
const image = () => newImage(WITH);
const PIN = "2580";
const MINUTE_MS = 60000;

/** Operators on a flash that answers at once. */
class Device {
  readonly book;
  private readonly answers: string[] = [];

  constructor(readonly flash: FlashTwin) {
    const read = (address: number, byteCount: number) => this.answers.push(flash.read(address, byteCount));
    const write = (address: number, text: string) => flash.write(address, text);
    this.book = openOperatorBook({ read, write, erase: (address) => flash.erase(address) }, plain);
    loadOperators(this.book);
    this.rest();
  }

  put(number: number, tries: number, kept = "k".repeat(16)): this {
    putEntry(this.book, String.fromCharCode(number, tries) + kept);
    this.rest();
    return this;
  }

  private rest(): void {
    for (let reads = 0; isBookBusy(this.book); reads++) {
      if (reads > 12 || this.answers.length !== 1) throw new Error(`${this.answers.length} reads under way`);
      onBookFlash(this.book, this.answers.shift() as string);
    }
    expect(this.answers).toEqual([]);
  }
}

describe("what is kept of a PIN", () => {
  test("is what tweetnacl makes of it, and nothing else stays", () => {
    for (const [operator, pin] of [
      ["99", "73914682"],
      ["01", "0000"],
      ["20", "12345678"],
    ] as const) {
      const s = startStretch(plain.toBytes, SECRET.toString("latin1"), operator, pin);
      let rounds = 1;
      while (!stretchOn(s)) rounds++;
      expect(rounds).toBe(STRETCH_ROUNDS);
      expect(Buffer.from(stretched(s, plain.toText), "latin1").equals(keptPin(SECRET, operator, pin))).toBe(true);
      expect([...s.key, ...s.input].every((word) => word === 0)).toBe(true);
    }
  });

  test("differs between operators and between devices", () => {
    const all = [
      keptPin(SECRET, "01", PIN),
      keptPin(SECRET, "02", PIN),
      keptPin(SECRET, "01", "2581"),
      keptPin(Buffer.alloc(32), "01", PIN),
    ];
    expect(new Set(all.map((each) => Buffer.from(each).toString("hex"))).size).toBe(all.length);
  });
});

describe("the pages of operators", () => {
  const START = 256;
  const settingsOf = (bytes: Uint8Array, page: number) => bytes.slice(page * PAGE_BYTES, page * PAGE_BYTES + START);

  test("a new device has the admin, who must choose a PIN", () => {
    expect(readOperators(image())).toEqual([
      {
        number: 99,
        tries: 0,
        mustChange: true,
        hasFinger: false,
        kept: Buffer.from(keptPin(SECRET, ADMIN, TEST_ADMIN_PIN)),
      },
    ]);
    expect(readOperators(newImage())).toBeNull();
    expect(hasOperators(new Device(new FlashTwin(newImage())).book)).toBe(false);
  });

  test("1,000 changes are kept over power cycles, in both pages in turn, and the settings with them", () => {
    const flash = new FlashTwin(image());
    const whole = settingsOf(flash.image, 0);
    let device = new Device(flash);
    for (let change = 0; change < 1000; change++) {
      const number = change % 21;
      device.put(number, change % 100);
      if (change % 37 === 0) device = new Device(flash);
      expect(device.book.entries.charCodeAt(entryAt(device.book, number) + 1)).toBe(change % 100);
      expect(readOperators(flash.image)?.find((each) => each.number === number)?.tries).toBe(change % 100);
      for (const page of [0, 1]) expect(Buffer.from(settingsOf(flash.image, page)).equals(whole)).toBe(true);
    }
    const erased = flash.operations.filter(({ kind }) => kind === "erase").map(({ address }) => address);
    expect(new Set(erased)).toEqual(new Set([AREAS[0].address, AREAS[0].address + PAGE_BYTES]));
    expect(erased.length).toBeLessThan(1000 / 100);
  });

  test("settings that have rotted are taken from the other page; with both gone nobody gets in", () => {
    const flash = new FlashTwin(image());
    const whole = settingsOf(flash.image, 0);
    (flash.image[20] as number) ^= 1;
    let device = new Device(flash);
    for (let change = 0; change < 400; change++) device.put(change % 21, 1);
    for (const page of [0, 1]) expect(Buffer.from(settingsOf(flash.image, page)).equals(whole)).toBe(true);
    for (const page of [0, 1]) (flash.image[page * PAGE_BYTES + 20] as number) ^= 1;
    device = new Device(flash);
    for (let change = 0; change < 400 && hasOperators(device.book); change++) device.put(change % 21, 1);
    expect(hasOperators(device.book)).toBe(false);
  });

  test("who is removed is gone, and there is room for 22", () => {
    const device = new Device(new FlashTwin(image()));
    for (let number = 0; number <= 20; number++) device.put(number, 0);
    expect(readOperators(device.flash.image)?.length).toBe(22);
    device.put(7, REMOVED);
    expect(entryAt(device.book, 7)).toBe(-1);
    expect(readOperators(device.flash.image)?.some(({ number }) => number === 7)).toBe(false);
    expect(entryAt(new Device(device.flash).book, 7)).toBe(-1);
  });

  test("noise, blank and cut pages are read to their end", () => {
    const noise = seededBytes(23);
    for (let run = 0; run < 200; run++) {
      const bytes = image();
      const page = Buffer.from(noise(PAGE_BYTES - START), "latin1");
      if (run % 2) bytes.set(page, START + PAGE_BYTES);
      else bytes.set(page.subarray(0, 1 + ((run * 19) % 3700)), START + 60 + 4);
      expect(typeof hasOperators(new Device(new FlashTwin(bytes)).book)).toBe("boolean");
    }
  });
});

/** A terminal with operators; keys until the power goes. */
class Terminal {
  readonly bench: WorksBench;

  constructor(bytes: Uint8Array, cut?: PlannedCut) {
    this.bench = new WorksBench(bytes);
    if (cut) this.bench.flash.plan(cut);
  }

  /** What the screen says to a PIN: its lines; "" when the power went first. */
  try(operator: string, pin: string): string {
    this.bench.rows();
    try {
      this.bench.press(`C${"F"}${operator}E${pin}`);
      this.bench.rows();
      this.bench.press("E");
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    }
    return this.bench.rows().join("\n");
  }

  get image(): Uint8Array {
    return this.bench.flash.image;
  }

  wait(minutes: number): void {
    this.bench.nowMs += minutes * MINUTE_MS;
  }
}

/** Supervisor 00 and cashier 07 with the PIN, who need choose none. */
function staffed(fill = 0): Uint8Array {
  const device = new Device(new FlashTwin(image()));
  for (const operator of ["00", "07"])
    device.put(Number(operator), 0, Buffer.from(keptPin(SECRET, operator, PIN)).toString("latin1"));
  for (let each = 0; each < fill; each++) device.put(20, each % 50);
  return device.flash.image;
}

const triesOf = (bytes: Uint8Array, number: number) =>
  readOperators(bytes)?.find((each) => each.number === number)?.tries;

describe("a login", () => {
  test("lets the right PIN in, and no other", () => {
    const terminal = new Terminal(staffed());
    expect(terminal.try("07", "2581")).toContain("Wrong.");
    expect(terminal.bench.works.t.operator).toBe("");
    expect(triesOf(terminal.image, 7)).toBe(1);
    expect(terminal.try("08", PIN)).toContain("Wrong.");
    expect(terminal.try("7", PIN)).toContain("READY");
    expect(terminal.bench.works.t.operator).toBe("07");
    expect(triesOf(terminal.image, 7)).toBe(0);
    expect(terminal.bench.works.t.desk).toBeNull();
  });

  test("with a first PIN lets nobody in before another was chosen and typed twice", () => {
    const terminal = new Terminal(staffed());
    const { bench } = terminal;
    expect(terminal.try("99", TEST_ADMIN_PIN)).toContain("NEW PIN");
    bench.press(`${TEST_ADMIN_PIN}E${TEST_ADMIN_PIN}E`);
    expect(bench.rows().join("\n")).toContain("Choose another one.");
    bench.press("2580E2581E");
    expect(bench.rows().join("\n")).toContain("Not the same.");
    for (const weak of ["1111", "2345", "87654321"]) {
      bench.press(`${weak}E`);
      expect(bench.rows().join("\n"), weak).toContain("Choose another one.");
    }
    expect(bench.works.t.operator).toBe("");
    expect(readOperators(terminal.image)?.find(({ number }) => number === 99)?.mustChange).toBe(true);
    bench.press("2580E2580E");
    expect(bench.works.t.operator).toBe("99");
    expect(readOperators(terminal.image)?.find(({ number }) => number === 99)?.mustChange).toBe(false);
    expect(new Terminal(terminal.image).try("99", TEST_ADMIN_PIN)).toContain("Wrong.");
  });

  test("makes the supervisor see to cashiers, the admin to the supervisor, and nobody to anybody else", () => {
    for (const [by, whom, isHis] of [
      ["00", "20", true],
      ["00", "21", false],
      ["00", "99", false],
      ["00", "00", false],
      ["07", "01", false],
    ] as const) {
      const terminal = new Terminal(staffed());
      terminal.try(by, PIN);
      terminal.bench.press(`FD03${whom}E4471E4471E`);
      expect(readOperators(terminal.image)?.some(({ number }) => number === Number(whom) && number === 20)).toBe(isHis);
      expect(readOperators(terminal.image)?.length).toBe(isHis ? 4 : 3);
    }
    const terminal = new Terminal(staffed());
    terminal.try("00", PIN);
    terminal.bench.press("FD047E");
    expect(readOperators(terminal.image)?.map(({ number }) => number)).toEqual([0, 99]);
  });

  test("has no PIN in flash or in what is held, in clear", () => {
    const terminal = new Terminal(staffed());
    terminal.try("07", "90471835");
    expect(Buffer.from(terminal.image).includes("90471835")).toBe(false);
    terminal.bench.press("C");
    const held = JSON.stringify(terminal.bench.works, (name, value: unknown) =>
      ["board", "panel", "printer", "devices", "natives", "flash"].includes(name) ? undefined : value,
    );
    expect(held).not.toContain("90471835");
  });

  test("waits longer each time, and from power-on anew", () => {
    let terminal = new Terminal(staffed());
    for (let tries = 0; tries < 3; tries++) expect(terminal.try("07", "0000")).toContain("Wrong.");
    for (const minutes of WAIT_MINUTES.slice(3).concat(WAIT_MINUTES.at(-1) as number)) {
      expect(terminal.try("07", PIN)).toContain(`Wait ${minutes} min.`);
      terminal = new Terminal(terminal.image);
      expect(terminal.try("07", PIN)).toContain(`Wait ${minutes} min.`);
      terminal.wait(minutes - 0.5);
      expect(terminal.try("07", PIN)).toContain("Wait 1 min.");
      terminal.wait(0.5);
      expect(terminal.try("07", "0000")).toContain("Wrong.");
    }
    // Another has tries of his own.
    expect(terminal.try("00", PIN)).toContain("READY");
  });

  test("10,000 PINs take years", () => {
    const minutes = Array.from({ length: 5000 }, (_, tries) => WAIT_MINUTES[Math.min(tries, WAIT_MINUTES.length - 1)]);
    expect(minutes.reduce<number>((sum, each) => sum + (each as number), 0)).toBeGreaterThan(10 * 365 * 1440);
    expect(WAIT_MINUTES.filter((each) => each === 0).length).toBeLessThanOrEqual(5);
  });

  test("is over after the minutes of the settings without a key, and a sale needs one", () => {
    const terminal = new Terminal(staffed());
    expect(terminal.bench.rows().join("\n")).toContain("LOCKED");
    terminal.try("07", PIN);
    terminal.wait(4.9);
    terminal.bench.press("1");
    expect(terminal.bench.works.t.state).toBe(State.Amount);
    terminal.bench.press("C");
    terminal.wait(5);
    terminal.bench.press("1");
    expect(terminal.bench.works.t.state).toBe(State.Login);
  });
});

describe("a power cut", () => {
  /** The last ones turn the page. */
  const FILLS = [0, 128, 129, 130, 131, 132];

  test.each(FILLS)(
    "in a try, at every byte of every write, %i changes before it, never gives it for nothing",
    (fill) => {
      const before = staffed(fill);
      for (const [pin, answer] of [
        ["0000", "Wrong."],
        [PIN, "READY"],
      ] as const) {
        const whole = new Terminal(before);
        expect(whole.try("07", pin)).toContain(answer);
        const operations = [...whole.bench.flash.operations];
        expect(operations.length).toBeGreaterThan(0);
        operations.forEach(({ kind, byteCount }, index) => {
          for (let bytesDone = 0; bytesDone <= byteCount; bytesDone += kind === "write" ? 1 : byteCount / 4) {
            const name = `${answer} cut ${index + 1}:${bytesDone}`;
            const torn = new Terminal(before, { operation: index + 1, bytesDone });
            // Nobody has heard of an outcome: the try may or may not have been counted, but none was taken back.
            expect(torn.try("07", pin), name).not.toContain(answer);
            expect(torn.bench.works.t.operator, name).toBe("");
            const isTaken = index + 1 === operations.length && bytesDone === byteCount;
            const counted = triesOf(torn.image, 7) as number;
            expect(counted, name).toBeGreaterThanOrEqual(0);
            if (pin === "0000" && isTaken) expect(counted, name).toBe(1);
            const again = new Terminal(torn.image);
            expect(again.bench.works.t.settings?.lockMinutes, name).toBe(5);
            expect(again.try("07", PIN), name).toContain("READY");
            expect(triesOf(again.image, 7), name).toBe(0);
          }
        });
      }
    },
  );

  test("in every try does not make them more: an attacker who cuts at any byte hears of three outcomes at most", () => {
    const random = seededBytes(9);
    for (let run = 0; run < 60; run++) {
      let bytes = staffed(run * 3);
      let heard = 0;
      for (let tries = 0; tries < 12; tries++) {
        const cut = { operation: 1 + (random(1).charCodeAt(0) % 4), bytesDone: random(1).charCodeAt(0) % 40 };
        const terminal = new Terminal(bytes, cut);
        if (terminal.try("07", "0000").includes("Wrong.")) heard++;
        bytes = terminal.image;
      }
      expect(heard, `run ${run}`).toBeLessThanOrEqual(3);
    }
  });
});

describe("who may do what", () => {
  const t = (operator: string, lockMinutes = 5) => ({
    ...openTerminal(),
    operator,
    settings: settings({ lockMinutes }),
  });

  test("is decided for every function, once", () => {
    const all = NEEDS_WHOM.map(([what]) => String(what));
    expect(new Set(all).size).toBe(all.length);
    // The menu has no 9 and no 10, and what follows the last one is in none.
    for (let task: number = Task.Void; task <= Task.SignOff; task++)
      expect(all.includes(String(task)), `${task}`).toBe(task <= Task.Echo || task >= Task.Tip);
    for (const duty of [Duty.LogOut, Duty.ChangePin, Duty.Reset, Duty.Remove]) expect(all).toContain(duty);
    for (const [what, roles] of NEEDS_WHOM)
      for (const operator of ["99", "00", "01", "20"])
        expect(mayDo(t(operator), String(what)), `${what} ${operator}`).toBe(roles.includes(roleOf(operator)));
    expect([roleOf("99"), roleOf("00"), roleOf("09")]).toEqual([Role.Admin, Role.Supervisor, Role.Cashier]);
  });

  test("nobody who is not logged in does anything; where there are no operators everybody does", () => {
    for (const [what] of NEEDS_WHOM) {
      expect(mayDo(t(""), String(what))).toBe(false);
      expect(mayDo(t("", 0), String(what))).toBe(true);
    }
    expect(mayDo(t("01"), "77")).toBe(false);
  });

  test("is what the book for people says", () => {
    const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "operators.md"), "utf8");
    const rows = [...page.matchAll(/^\| [^|]+ \| `([^`]+)` \| (yes)? *\| (yes)? *\| (yes)? *\|$/gm)];
    const said = rows.map(([, what, cashier, supervisor, admin]) => [
      what,
      (cashier ? Role.Cashier : "") + (supervisor ? Role.Supervisor : "") + (admin ? Role.Admin : ""),
    ]);
    expect(said).toEqual(NEEDS_WHOM.map(([what, roles]) => [String(what), roles]));
  });
});
