/** The PN532's driver against its twin on every bus: every job ends as a report within its bound, whatever happens on the way. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { APDU_BYTES_MAX } from "../../src/drivers/pn532";
import { NfcBus } from "../../src/drivers/pn532-bus";
import { NfcReport } from "../../src/drivers/pn532-report";
import { frameOf } from "../../src/sim/twins/pn532";
import { ppseCard, PPSE_ANSWER, typeACard, typeBCard, type VirtualCard } from "../../src/sim/twins/pn532-card";
import { BUSES, NfcDesk } from "./nfc-desk";
import { bytesOf } from "./pn532-vectors";

/** The bounds that `drivers/pn532` states. */
const POLL_MS_MAX = 12000;
const PART_MS_MAX = 7000;
const RELEASE_MS_MAX = 4500;
const SILENT_MS_MAX = 4400;
const DEAD_MS_MAX = 600;
const READY_MS_MAX = 1700;

const ACK_BYTES = 6;
const UNKNOWN_APDU = bytesOf("00 B2 01 0C 00");
const text = (length: number, seed = 7): string =>
  Array.from({ length }, (_, i) => String.fromCharCode((i * 31 + seed) & 255)).join("");

/** A desk whose reader is set up, with these cards in the field. */
function ready(bus: NfcBus, ...cards: VirtualCard[]): NfcDesk {
  const desk = new NfcDesk(bus);
  expect(desk.next(READY_MS_MAX)).toBe(NfcReport.Ready);
  for (const card of cards) desk.device.chip.field.tap(card);
  return desk;
}

/** As above, the one card found. */
function withCard(bus: NfcBus, card: VirtualCard): NfcDesk {
  const desk = ready(bus, card);
  expect(desk.poll()).toBe(true);
  expect(desk.next(POLL_MS_MAX)).toBe(NfcReport.Card);
  return desk;
}

function exchanged(desk: NfcDesk, apdu: string, parts = 1): NfcReport | null {
  expect(desk.exchange(apdu)).toBe(true);
  return desk.next(PART_MS_MAX * parts);
}

/** Until the device has been asked whether it is there and has not answered yet. */
function intoWatch(desk: NfcDesk): void {
  const before = desk.device.chip.commands.length;
  while (desk.device.chip.commands.length === before) desk.runFor(1);
}

/** After whatever happened: the reader finds a card again and talks to it. */
function expectRecovery(desk: NfcDesk): void {
  const { field } = desk.device.chip;
  const card = typeACard({ uid: bytesOf("0A 0B 0C 0D") });
  desk.device.plug();
  desk.runFor(READY_MS_MAX);
  field.clear();
  field.tap(card);
  // The first one may be what finds out that the device is not set up.
  for (let tries = 0; ; tries++) {
    expect(desk.poll()).toBe(true);
    const report = desk.next(POLL_MS_MAX);
    if (report === NfcReport.Card) break;
    expect([NfcReport.Silent, NfcReport.NoCard, NfcReport.CardGarbled]).toContain(report);
    expect(tries).toBeLessThan(2);
    desk.runFor(READY_MS_MAX);
  }
  expect(desk.nfc.card.uid).toBe(card.uid);
  expect(exchanged(desk, UNKNOWN_APDU)).toBe(NfcReport.Answer);
  expect(desk.nfc.answer).toBe(UNKNOWN_APDU);
}

describe.each(BUSES)("on $name", ({ bus }) => {
  test("is set up: wake-up, SAM, version, retries, field off", () => {
    const desk = ready(bus);
    expect(desk.device.chip.commands).toEqual([0x14, 0x02, 0x32, 0x32]);
    expect(desk.device.chip.field.isOn).toBe(false);
  });

  test("an empty field has no card, again and again", () => {
    const desk = ready(bus);
    for (let i = 0; i < 3; i++) {
      expect(desk.poll()).toBe(true);
      expect(desk.poll()).toBe(false);
      expect(desk.next(100)).toBe(NfcReport.NoCard);
    }
    expect(desk.exchange(UNKNOWN_APDU)).toBe(false);
  });

  test("a card of type A says who it is and answers", () => {
    const card = ppseCard();
    const desk = withCard(bus, card);
    expect(desk.nfc.card).toMatchObject({ isTypeB: false, uid: card.uid, sak: 0x20, ats: card.ats, takesApdus: true });
    expect(exchanged(desk, `${bytesOf("00A404000E")}2PAY.SYS.DDF01\0`)).toBe(NfcReport.Answer);
    expect(desk.nfc.answer).toBe(PPSE_ANSWER);
    expect(exchanged(desk, UNKNOWN_APDU)).toBe(NfcReport.Answer);
    expect(desk.nfc.answer).toBe("\x6d\x00");
  });

  test("a card of type B too", () => {
    const card = typeBCard();
    const desk = withCard(bus, card);
    expect(desk.nfc.card).toMatchObject({ isTypeB: true, uid: card.uid, takesApdus: true });
    expect(desk.nfc.card.atq).toBe(bytesOf("50 E8 25 3E EC 00 00 00 11 00 81 85"));
    expect(exchanged(desk, text(100))).toBe(NfcReport.Answer);
    expect(desk.nfc.answer).toBe(text(100));
  });

  test("a card without APDUs is said, and gets none", () => {
    const desk = withCard(bus, typeACard({ sak: 0x08, ats: "", uid: "\x01\x02\x03\x04" }));
    expect(desk.nfc.card).toMatchObject({ sak: 0x08, takesApdus: false });
    expect(desk.exchange(UNKNOWN_APDU)).toBe(false);
  });

  test("a long ATS does not fit into the first read and comes whole", () => {
    const ats = `\x5a\x78\x80\x81\x02${text(85)}`;
    expect(withCard(bus, typeACard({ ats })).nfc.card.ats).toBe(ats);
  });

  // 262 bytes fit into one command; beyond, both ways are chained.
  test.each([1, 24, 64, 250, 260, 261, 262, 263, 264, 523, 524, 525, APDU_BYTES_MAX])(
    "%i bytes there and back",
    (length) => {
      const desk = withCard(bus, typeACard());
      expect(exchanged(desk, text(length), 8)).toBe(NfcReport.Answer);
      expect(desk.nfc.answer).toBe(text(length));
      expect(exchanged(desk, text(length, 9), 8)).toBe(NfcReport.Answer);
      expect(desk.nfc.answer).toBe(text(length, 9));
    },
  );

  test("an APDU that is empty or too long is not sent", () => {
    const desk = withCard(bus, typeACard());
    expect(desk.exchange("")).toBe(false);
    expect(desk.exchange(text(APDU_BYTES_MAX + 1))).toBe(false);
  });

  test("an answer beyond the longest ends the exchange", () => {
    for (const length of [APDU_BYTES_MAX + 1, 5000]) {
      const desk = withCard(bus, typeACard({ answer: () => ({ text: text(length), workMs: 1 }) }));
      expect(exchanged(desk, UNKNOWN_APDU, 16)).toBe(NfcReport.TooLong);
      expect(desk.nfc.answer.length).toBeLessThan(APDU_BYTES_MAX + 263);
    }
  });

  test.each([
    ["two of type A", [typeACard(), ppseCard({ uid: "\x01\x02\x03\x04" })]],
    ["two of type B", [typeBCard(), typeBCard({ uid: "\x01\x02\x03\x04" })]],
    ["one of each", [typeACard(), typeBCard()]],
    ["three", [typeACard(), typeBCard(), typeACard({ uid: "\x01\x02\x03\x04" })]],
    ["one that takes no APDUs", [typeBCard(), typeACard({ sak: 0x08, ats: "" })]],
  ])("two cards are seen and said: %s", (_, cards) => {
    const desk = ready(bus, ...cards);
    for (let i = 0; i < 2; i++) {
      expect(desk.poll()).toBe(true);
      expect(desk.next(POLL_MS_MAX)).toBe(NfcReport.TwoCards);
      expect(desk.exchange(UNKNOWN_APDU)).toBe(false);
    }
    for (const card of cards.slice(1)) desk.device.chip.field.untap(card);
    expect(desk.poll()).toBe(true);
    expect(desk.next(POLL_MS_MAX)).toBe(NfcReport.Card);
    expect(desk.nfc.card.uid).toBe(cards[0]?.uid);
  });

  test("release lets the card go; it is found again", () => {
    const desk = withCard(bus, typeACard());
    expect(desk.release()).toBe(true);
    expect(desk.next(RELEASE_MS_MAX)).toBe(NfcReport.Released);
    expect(desk.device.chip.field.isOn).toBe(false);
    expect(desk.exchange(UNKNOWN_APDU)).toBe(false);
    desk.poll();
    expect(desk.next(POLL_MS_MAX)).toBe(NfcReport.Card);
    // Also without a release.
    desk.poll();
    expect(desk.next(POLL_MS_MAX)).toBe(NfcReport.Card);
  });

  test("a card that goes is lost, at any moment of an exchange; the next one is found", () => {
    const apdu = text(300);
    const whole = withCard(bus, typeACard());
    const startedMs = whole.nowMs;
    exchanged(whole, apdu, 4);
    const tookMs = whole.nowMs - startedMs;
    const seen = new Set<NfcReport | null>();
    for (let atMs = 0; atMs <= tookMs; atMs++) {
      const card = typeACard();
      const desk = withCard(bus, card);
      desk.exchange(apdu);
      desk.runFor(atMs);
      desk.device.chip.field.untap(card);
      const report = desk.reports[2]?.report ?? desk.next(PART_MS_MAX);
      seen.add(report);
      if (report === NfcReport.Answer) expect(desk.nfc.answer).toBe(apdu);
      else expect(report).toBe(NfcReport.CardLost);
    }
    expect(seen).toEqual(new Set([NfcReport.CardLost, NfcReport.Answer]));
  });

  test("an answer that is disturbed anywhere comes again, and the card hears nothing of it", () => {
    const acts: ((byte: string) => string)[] = [];
    // On I2C and SPI the host counts the bytes.
    if (bus === NfcBus.Hsu)
      acts.push(
        () => "",
        (byte) => byte + byte,
      );
    for (let bit = 0; bit < 8; bit++) acts.push((byte) => String.fromCharCode(byte.charCodeAt(0) ^ (1 << bit)));
    for (const length of [3, 260]) {
      const frameBytes = length + (length > 200 ? 13 : 10);
      for (let index = 0; index < frameBytes; index += length > 200 ? 7 : 1) {
        for (const act of acts) {
          let asked = 0;
          const card = typeACard({ answer: () => ({ text: text(length, asked++), workMs: 1 }) });
          const desk = withCard(bus, card);
          const startedMs = desk.nowMs;
          breakByte(desk, "toHost", ACK_BYTES + index, act);
          expect(exchanged(desk, UNKNOWN_APDU)).toBe(NfcReport.Answer);
          expect(desk.nfc.answer).toBe(text(length, 0));
          expect(asked).toBe(1);
          expect(desk.nowMs - startedMs).toBeLessThan(450);
        }
      }
    }
  });

  test("answers that cannot be: no status, chained for ever", () => {
    const instead = (frame: string) => (bytes: string) => (bytes.includes("\xd5\x41") ? frame : bytes);
    const empty = withCard(bus, typeACard());
    empty.device.toHost = instead(frameOf("\xd5\x41"));
    expect(exchanged(empty, UNKNOWN_APDU)).toBe(NfcReport.CardGarbled);
    const endless = withCard(bus, typeACard());
    endless.device.toHost = instead(frameOf("\xd5\x41\x40"));
    expect(exchanged(endless, UNKNOWN_APDU, 2)).toBe(NfcReport.TooLong);
  });

  test("a card forgets where it was, however fast the device is", () => {
    const desk = withCard(bus, typeACard());
    desk.device.chip.ackMs = 0;
    for (let i = 0; i < 3; i++) {
      desk.poll();
      expect(desk.next(POLL_MS_MAX)).toBe(NfcReport.Card);
    }
  });

  test("a silent card, and one that asks for more time for ever", () => {
    const silent = withCard(bus, typeACard({ answer: () => null }));
    expect(exchanged(silent, UNKNOWN_APDU)).toBe(NfcReport.CardLost);
    expectRecovery(silent);
    const endless = withCard(bus, typeACard({ answer: () => ({ text: "", workMs: 1e9 }) }));
    expect(exchanged(endless, UNKNOWN_APDU)).toBe(NfcReport.CardLost);
    expect(exchanged(withCard(bus, typeACard({ answer: () => ({ text: "ok", workMs: 1500 }) })), "x")).toBe(
      NfcReport.Answer,
    );
  });

  test("every status of the device has its report, and the next exchange works", () => {
    const named = new Map([
      [NfcReport.CardLost, [0x01, 0x0a, 0x2a, 0x2b]],
      [NfcReport.CardGarbled, [0x02, 0x03, 0x04, 0x05, 0x06, 0x0b, 0x13, 0x23]],
      [NfcReport.TooLong, [0x07, 0x09, 0x0e]],
      [NfcReport.Hot, [0x0d, 0x2d]],
    ]);
    for (let status = 1; status < 64; status++) {
      const desk = withCard(bus, typeACard());
      desk.device.chip.faults.status = status;
      const expected = [...named].find(([, statuses]) => statuses.includes(status))?.[0] ?? NfcReport.Refused;
      expect(exchanged(desk, UNKNOWN_APDU)).toBe(expected);
      expect(desk.exchange(UNKNOWN_APDU)).toBe(false);
      desk.poll();
      expect(desk.next(POLL_MS_MAX)).toBe(NfcReport.Card);
    }
  });

  test("an error frame refuses an exchange; while the device is set up it counts as no answer", () => {
    const desk = withCard(bus, typeACard());
    desk.device.chip.faults.syntaxErrors = 1;
    expect(exchanged(desk, UNKNOWN_APDU)).toBe(NfcReport.Refused);
    const other = new NfcDesk(bus);
    other.device.chip.faults.syntaxErrors = 1;
    expect(other.next(SILENT_MS_MAX)).toBe(NfcReport.Silent);
    expect(other.next(READY_MS_MAX)).toBe(NfcReport.Ready);
  });

  test("a slow device is waited for", () => {
    const desk = ready(bus, typeACard());
    desk.device.chip.faults.slowMs = 100;
    desk.device.chip.ackMs = 15;
    desk.poll();
    expect(desk.next(POLL_MS_MAX)).toBe(NfcReport.Card);
    expect(exchanged(desk, UNKNOWN_APDU)).toBe(NfcReport.Answer);
  });

  test("commands that are missed or not acknowledged are sent again, an APDU is not", () => {
    for (const fault of ["missed", "ackless"] as const) {
      let count = 0;
      const card = typeACard({ answer: (apdu) => ({ text: `${apdu}${count++}`, workMs: 1 }) });
      const desk = ready(bus, card);
      desk.device.chip.faults[fault] = 2;
      desk.poll();
      expect(desk.next(POLL_MS_MAX)).toBe(NfcReport.Card);
      desk.device.chip.faults[fault] = 1;
      expect(exchanged(desk, UNKNOWN_APDU)).toBe(NfcReport.CardLost);
      desk.runFor(1000);
      expect(count).toBe(fault === "missed" ? 0 : 1);
      expectRecovery(desk);
    }
  });

  test("a device that hangs after its ACK", () => {
    const desk = withCard(bus, typeACard());
    desk.device.chip.faults.hung = 1;
    expect(exchanged(desk, UNKNOWN_APDU)).toBe(NfcReport.CardLost);
    desk.poll();
    desk.device.chip.faults.hung = 1;
    expect(desk.next(POLL_MS_MAX)).toBe(NfcReport.Silent);
    expect(desk.next(READY_MS_MAX)).toBe(NfcReport.Ready);
    expectRecovery(desk);
  });

  test("unplugged while idle: said once, set up again when it is back", () => {
    const desk = withCard(bus, typeACard());
    desk.device.unplug();
    expect(desk.next(SILENT_MS_MAX)).toBe(NfcReport.Silent);
    expect([desk.poll(), desk.exchange(UNKNOWN_APDU), desk.release()]).toEqual([false, false, false]);
    expect(desk.next(60000)).toBe(null);
    desk.device.plug();
    expect(desk.next(READY_MS_MAX)).toBe(NfcReport.Ready);
    expectRecovery(desk);
    desk.device.unplug();
    expect(desk.next(SILENT_MS_MAX)).toBe(NfcReport.Silent);
  });

  test("a device that died ends each job soon", () => {
    const jobs = [
      (desk: NfcDesk) => desk.poll(),
      (desk: NfcDesk) => desk.exchange("x"),
      (desk: NfcDesk) => desk.release(),
    ];
    for (const job of jobs) {
      const desk = withCard(bus, typeACard());
      desk.device.unplug();
      expect(job(desk)).toBe(true);
      expect(desk.next(DEAD_MS_MAX)).toBe(NfcReport.Silent);
    }
  });

  test("never there, then there", () => {
    const desk = new NfcDesk(bus);
    desk.device.unplug();
    expect(desk.next(SILENT_MS_MAX)).toBe(NfcReport.Silent);
    expect(desk.next(60000)).toBe(null);
    desk.device.plug();
    expect(desk.next(READY_MS_MAX)).toBe(NfcReport.Ready);
  });

  test("unplugged and plugged in again unseen: it has forgotten everything, and that is found out", () => {
    const desk = withCard(bus, typeACard());
    desk.device.unplug();
    desk.device.plug();
    expect(desk.exchange(UNKNOWN_APDU)).toBe(true);
    expect(desk.next(PART_MS_MAX)).toBe(NfcReport.Silent);
    expect(desk.next(READY_MS_MAX)).toBe(NfcReport.Ready);
    expectRecovery(desk);
  });

  test("the watch leaves a card alone, and a job waits for its end", () => {
    const desk = withCard(bus, typeACard());
    desk.runFor(30000);
    expect(desk.device.chip.commands.filter((code) => code === 0x02).length).toBeGreaterThan(8);
    intoWatch(desk);
    expect(desk.exchange(UNKNOWN_APDU)).toBe(true);
    expect(desk.release()).toBe(false);
    expect(desk.next(PART_MS_MAX)).toBe(NfcReport.Answer);
    expect(desk.nfc.answer).toBe(UNKNOWN_APDU);
    expect(desk.next(10000)).toBe(null);
  });

  test("a job that came while the device went is over with it", () => {
    const desk = withCard(bus, typeACard());
    intoWatch(desk);
    expect(desk.release()).toBe(true);
    desk.device.unplug();
    expect(desk.next(SILENT_MS_MAX)).toBe(NfcReport.Silent);
    desk.device.plug();
    expect(desk.next(READY_MS_MAX)).toBe(NfcReport.Ready);
    expect(desk.next(10000)).toBe(null);
  });
});

// ---- a fault anywhere

type Direction = "toChip" | "toHost";

/** Counts the bytes of one direction and does something to the one at `index`. */
function breakByte(desk: NfcDesk, direction: Direction, index: number, act: (byte: string) => string): () => number {
  let seen = 0;
  desk.device[direction] = (bytes) => {
    const at = index - seen;
    seen += bytes.length;
    return at >= 0 && at < bytes.length ? bytes.slice(0, at) + act(bytes.charAt(at)) + bytes.slice(at + 1) : bytes;
  };
  return () => seen;
}

/** From the start to a released card, or to wherever the fault leads; every job within its bound, and no wrong answer. */
function session(desk: NfcDesk): void {
  let received = 0;
  const answer = (apdu: string) => ({ text: `${apdu}${received++}`, workMs: 1 });
  desk.device.chip.field.tap(typeACard({ uid: bytesOf("01 02 03 04"), ats: "\x02\x08", fwi: 4, answer }));
  if (desk.next(SILENT_MS_MAX) !== NfcReport.Ready) {
    desk.device.plug();
    expect(desk.next(READY_MS_MAX)).toBe(NfcReport.Ready);
  }
  desk.poll();
  const found = desk.next(POLL_MS_MAX);
  expect(found).not.toBe(null);
  if (found !== NfcReport.Card) return;
  expect(desk.nfc.card.uid).toBe(bytesOf("01 02 03 04"));
  const report = exchanged(desk, "hello");
  expect(received).toBeLessThanOrEqual(1);
  expect([NfcReport.Answer, NfcReport.CardLost, NfcReport.CardGarbled, NfcReport.Refused, NfcReport.Silent]).toContain(
    report,
  );
  if (report === NfcReport.Answer) expect(desk.nfc.answer).toBe("hello0");
  if (desk.release()) expect(desk.next(RELEASE_MS_MAX)).not.toBe(null);
}

describe.each(BUSES)("on $name a session survives", ({ bus }) => {
  const lengthOf = (direction: Direction): number => {
    const desk = new NfcDesk(bus);
    const seen = breakByte(desk, direction, -1, (byte) => byte);
    session(desk);
    return seen();
  };

  test.each<Direction>(["toChip", "toHost"])("every bit wrong, %s", (direction) => {
    const length = lengthOf(direction);
    expect(length).toBeGreaterThan(90);
    for (let index = 0; index < length; index++) {
      for (let bit = 0; bit < 8; bit++) {
        const desk = new NfcDesk(bus);
        breakByte(desk, direction, index, (byte) => String.fromCharCode(byte.charCodeAt(0) ^ (1 << bit)));
        session(desk);
        if (bit === index % 8) expectRecovery(desk);
      }
    }
  });

  test.each<Direction>(["toChip", "toHost"])(
    "every byte lost, doubled, or the last before the plug is pulled, %s",
    (direction) => {
      const length = lengthOf(direction);
      for (let index = 0; index < length; index++) {
        for (const act of [() => "", (byte: string) => byte + byte]) {
          const desk = new NfcDesk(bus);
          breakByte(desk, direction, index, act);
          session(desk);
          expectRecovery(desk);
        }
        const desk = new NfcDesk(bus);
        breakByte(desk, direction, index, (byte) => {
          desk.device.unplug();
          return byte;
        });
        session(desk);
        expectRecovery(desk);
      }
    },
  );
});

test("any mixture of faults: every job ends, no wrong answer, and afterwards all is well", () => {
  const fault = fc.record({
    direction: fc.constantFrom<Direction>("toChip", "toHost"),
    everyBytes: fc.integer({ min: 5, max: 400 }),
    offset: fc.nat(400),
    kind: fc.constantFrom("drop", "flip", "noise"),
    bit: fc.nat(7),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...BUSES),
      fc.array(fault, { maxLength: 3 }),
      fc.nat(600),
      ({ bus }, faults, length) => {
        const desk = new NfcDesk(bus);
        for (const direction of ["toChip", "toHost"] as const) {
          let seen = 0;
          desk.device[direction] = (bytes) =>
            [...bytes]
              .map((byte) => {
                seen++;
                const hit = faults.find(
                  (each) => each.direction === direction && (seen + each.offset) % each.everyBytes === 0,
                );
                if (!hit) return byte;
                if (hit.kind === "drop") return "";
                return hit.kind === "flip"
                  ? String.fromCharCode(byte.charCodeAt(0) ^ (1 << hit.bit))
                  : byte + text(hit.bit);
              })
              .join("");
        }
        desk.device.chip.field.tap(typeACard());
        for (let job = 0; job < 4; job++) {
          if (!desk.poll()) {
            desk.runFor(READY_MS_MAX);
            continue;
          }
          if (desk.next(POLL_MS_MAX) !== NfcReport.Card) continue;
          expect(desk.exchange(text(length + 1))).toBe(true);
          const report = desk.next(PART_MS_MAX * 3);
          expect(report).not.toBe(null);
          // Two wrong bytes can cancel out in a sum of eight bits; one cannot.
          if (report === NfcReport.Answer && faults.length === 0) expect(desk.nfc.answer).toBe(text(length + 1));
        }
        desk.device.toChip = (bytes) => bytes;
        desk.device.toHost = (bytes) => bytes;
        desk.runFor(POLL_MS_MAX);
        expectRecovery(desk);
      },
    ),
    { seed: 532, numRuns: 400 },
  );
});

test("an HSU that is never quiet does not keep a job from its end", () => {
  for (const noise of ["\x55", "\x01\x02\x03", "\x00\xff", "\x00\x00\xff\x20\xe0", "\x00\x00\xff\x00\xff\x00"]) {
    const desk = withCard(NfcBus.Hsu, typeACard({ answer: () => ({ text: "", workMs: 1e9 }) }));
    desk.exchange(UNKNOWN_APDU);
    const untilMs = desk.nowMs + PART_MS_MAX;
    while (desk.nowMs < untilMs && desk.reports.length === 2) {
      desk.hear(noise);
      desk.runFor(20);
    }
    expect([NfcReport.CardLost, NfcReport.CardGarbled, NfcReport.Silent]).toContain(desk.reports[2]?.report);
  }
});

test("an answer on the HSU with a wrong checksum comes again at once", () => {
  const desk = withCard(NfcBus.Hsu, typeACard());
  breakByte(desk, "toHost", ACK_BYTES + 9, () => "?");
  expect(desk.exchange("first")).toBe(true);
  expect(desk.next(50)).toBe(NfcReport.Answer);
  expect(desk.nfc.answer).toBe("first");
});

test("a late answer is not taken for the next command's", () => {
  const desk = withCard(NfcBus.Hsu, typeACard());
  desk.exchange("first");
  // An answer before its ACK.
  desk.hear(bytesOf("00 00 FF 05 FB D5 41 00 36 36 7E 00"));
  expect(desk.next(PART_MS_MAX)).toBe(NfcReport.Answer);
  expect(desk.nfc.answer).toBe("first");
});
