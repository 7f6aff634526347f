/** Cardholder PINs in the terminal: when one is asked for, what may be typed, what leaves, and that nothing of it stays. */
import { beforeEach, describe, expect, test } from "vitest";
import { openPinBlock0, openPinBlock4, workingKey } from "../../src/host/dukpt";
import { testBaseKey } from "../../src/host/keys";
import { plain } from "../../src/proto/plain";
import { unpack } from "../../src/proto/iso8583";
import { FlashTwin } from "../../src/sim/twins/flash";
import { answerFact, beginSale, cardFact, keyFact, mayAskPin } from "../../src/txn/facts";
import { MACHINE } from "../../src/txn/machine.table";
import { reversalRequest, saleRequest } from "../../src/txn/messages";
import { sealPin, usePinKey } from "../../src/txn/pin";
import { isPinKeysBusy, loadPinKeys, onPinKeysFlash, openPinKeys, type PinKeys } from "../../src/txn/pinkeys";
import { Record } from "../../src/txn/record";
import { Effect, Event, Notice, openTerminal, State, type Terminal } from "../../src/txn/state";
import { step } from "../../src/txn/step";
import { fakeBoard } from "../drivers/fake-board";
import { newImage } from "../world";
import { settings, transaction } from "./samples";

const PAN = "4761739001010010";
const TRACK2 = `${PAN}=28122061143800000000`;

let t: Terminal;
beforeEach(() => {
  t = { ...openTerminal(), settings: settings({ pinFormat: "4" }), month: "2601", canTakePin: true, amountMinor: 1250 };
});

describe("a card asks for its PIN by the third digit of its service code", () => {
  const swipe = (serviceCode: string) => {
    t.state = State.Card;
    return cardFact(t, "", `;${PAN}=2812${serviceCode}1143800000000?`);
  };

  test.each([
    ["200", Event.PinWanted],
    ["201", Event.Swiped],
    ["202", Event.Swiped],
    ["203", Event.Barred],
    ["204", Event.Barred],
    ["205", Event.PinWanted],
    ["206", Event.PinWanted],
    ["207", Event.PinWanted],
    ["208", Event.Swiped],
    ["209", Event.Swiped],
    ["120", Event.PinWanted],
    ["621", Event.Swiped],
  ])("%s", (serviceCode, event) => {
    expect(swipe(serviceCode)).toBe(event);
  });

  test("not where the terminal takes none: the host decides", () => {
    t.canTakePin = false;
    expect(swipe("206")).toBe(Event.Swiped);
  });

  test("and every card starts with no PIN sent", () => {
    t.pinTries = 2;
    swipe("206");
    expect(t.pinTries).toBe(0);
    expect(t.txn).toMatchObject({ stan: 1, amountMinor: 1250, panMasked: "4761730010" });
  });
});

describe("the host asks for it", () => {
  const answer = (code: string) => {
    Object.assign(t, { state: State.Online, txn: transaction(), isOpen: true });
    const fields = { 0: "0210", 4: "000000001250", 11: "000007", 39: code, 41: "00000001", 49: "978", 60: "22000001" };
    const values: string[] = [];
    for (const [field, value] of Object.entries(fields)) values[Number(field)] = value;
    return answerFact(t, values);
  };

  test.each([
    ["86", 0, Event.PinWanted],
    ["55", 0, Event.PinWanted],
    ["55", 1, Event.PinWanted],
    ["55", 2, Event.PinWanted],
    ["55", 3, Event.Declined],
    ["86", 1, Event.Declined],
    ["75", 1, Event.Declined],
    ["51", 0, Event.Declined],
    ["63", 1, Event.Declined],
  ])("%s after %i PINs", (code, pinTries, event) => {
    t.pinTries = pinTries;
    expect(answer(code)).toBe(event);
    expect(t.txn?.responseCode).toBe(code);
  });

  test.each(["86", "55"])("%s is a refusal where the terminal takes none", (code) => {
    t.canTakePin = false;
    expect(answer(code)).toBe(Event.Declined);
    expect(mayAskPin(t)).toBe(false);
  });
});

describe("keys", () => {
  beforeEach(() => {
    t.state = State.Pin;
  });
  const type = (keys: string) => [...keys].map((key) => keyFact(t, key));

  test("type 4 to 12 digits; green waits for the fourth", () => {
    expect(type("123E")).toEqual([Event.Digit, Event.Digit, Event.Digit, Event.None]);
    expect(type("4E")).toEqual([Event.Digit, Event.Enter]);
    expect(t.pin).toBe("1234");
    expect(new Set(type("56789012"))).toEqual(new Set([Event.Digit]));
    expect(type("3")).toEqual([Event.None]);
    expect(t.pin).toBe("123456789012");
    expect(type("E")).toEqual([Event.Enter]);
  });

  test("take the last digit back, and nothing when there is none", () => {
    expect(type("12B3")).toEqual([Event.Digit, Event.Digit, Event.Back, Event.Digit]);
    expect(t.pin).toBe("13");
    expect(type("BBB")).toEqual([Event.Back, Event.Back, Event.None]);
    expect(t.pin).toBe("");
  });

  test("that are no digits, the double zero among them, change nothing", () => {
    type("12");
    expect(new Set(type(":.FUD"))).toEqual(new Set([Event.None]));
    expect(t.pin).toBe("12");
    expect(type("C")).toEqual([Event.Cancel]);
    expect(t.amountMinor).toBe(1250);
  });
});

describe("the machine", () => {
  test("sends a PIN only when its key was used up, and that before the sale is journalled", () => {
    expect(MACHINE.filter(({ record }) => record === Record.PinKeys)).toEqual([
      { state: State.Pin, event: Event.Enter, next: State.Pin, record: Record.PinKeys, effects: Effect.None },
    ]);
    const ways = MACHINE.filter(({ state, next }) => state === State.Pin && next !== State.Pin);
    for (const row of ways.filter(({ effects }) => effects & Effect.Send)) {
      // A balance is asked with a PIN, too: its sealed PIN comes in as a question (`cardTaken`).
      const isAsked = row.next === State.Ask;
      expect([row.event, row.record]).toEqual(isAsked ? [Event.Query, Record.Query] : [Event.PinSealed, Record.Sale]);
    }
    expect(ways.map(({ next }) => next).sort()).toEqual(
      [State.Online, State.Ask, State.Notice, State.Notice, State.Notice, State.Dead].sort(),
    );
  });

  test.each(MACHINE)("keeps PIN and card no longer than $state needs them (event $event)", ({ state, event, next }) => {
    Object.assign(t, { state, pin: "1234", track2: TRACK2 });
    step(t, event);
    expect(t.state).toBe(next);
    expect(t.pin !== "").toBe(next === State.Pin);
    // What is asked or stored is sealed with it first, and it goes then (`terminal.test`).
    expect(t.track2 !== "").toBe([State.Pin, State.Again, State.Online, State.Ask, State.Stored].includes(next));
  });

  test("says why nothing was charged", () => {
    const notice = (event: Event) => {
      Object.assign(t, { state: State.Pin, notice: Notice.None });
      step(t, event);
      return t.notice;
    };
    expect([notice(Event.Cancel), notice(Event.Timeout), notice(Event.NoPin)]).toEqual([
      Notice.Cancelled,
      Notice.Cancelled,
      Notice.NoPin,
    ]);
  });
});

describe("what leaves", () => {
  const board = fakeBoard();
  let k: PinKeys;
  const answers: string[] = [];
  const rest = () => {
    while (isPinKeysBusy(k)) onPinKeysFlash(k, answers.shift() as string);
  };
  beforeEach(() => {
    const flash = new FlashTwin(newImage());
    const twin = {
      read: (address: number, byteCount: number) => answers.push(flash.read(address, byteCount)),
      write: (address: number, text: string) => flash.write(address, text),
      erase: (address: number) => flash.erase(address),
    };
    k = openPinKeys(twin, plain);
    loadPinKeys(k);
    rest();
    Object.assign(t, { state: State.Pin, pin: "493817", track2: TRACK2, nextStan: 8 });
    beginSale(t, "4761730010", "");
  });
  const bytes = (text: string | undefined) => Buffer.from(text ?? "", "latin1");
  const request = () => {
    const { settings: known, txn } = t;
    if (!known || !txn) throw new Error("no sale");
    return { sale: unpack(saleRequest(t, known, txn)), reversal: unpack(reversalRequest(t, known, txn)) };
  };
  function seal(format: "4" | "0"): Event {
    t.settings = settings({ pinFormat: format });
    usePinKey(k, t.settings);
    rest();
    return sealPin(t, k, board);
  }

  test("in format 4: block and key serial number in field 59", () => {
    expect(seal("4")).toBe(Event.PinSealed);
    const fields = request().sale ?? [];
    expect([fields[22], fields[26], fields[52], fields[53]]).toEqual(["021", "12", undefined, "2800000000000000"]);
    const serial = bytes(fields[59]).subarray(0, 12);
    const key = workingKey(testBaseKey().key, serial, "PIN, AES-128");
    expect(serial.readUInt32BE(8)).toBe(1);
    expect(openPinBlock4(key, bytes(fields[59]).subarray(12), PAN)).toBe("493817");
  });

  test("in format 0: block in field 52, key serial number in field 59", () => {
    expect(seal("0")).toBe(Event.PinSealed);
    const fields = request().sale ?? [];
    expect([fields[22], fields[26], fields[53]]).toEqual(["021", "12", "2600000000000000"]);
    const key = workingKey(testBaseKey().key, bytes(fields[59]), "PIN, TDEA-2");
    expect(bytes(fields[59]).length).toBe(12);
    expect(openPinBlock0(key, bytes(fields[52]), PAN)).toBe("493817");
  });

  test("its reversal says that there was a PIN and has none", () => {
    seal("4");
    const fields = request().reversal ?? [];
    expect([22, 26, 35, 52, 53, 59].map((field) => fields[field])).toEqual(["021", ...Array(5).fill(undefined)]);
  });

  test("is a sale of its own, with a STAN of its own, under a key of its own", () => {
    const first = t.txn;
    const serials = [1, 2, 3].map((tries) => {
      t.nextStan = 10 + tries;
      expect(seal("4")).toBe(Event.PinSealed);
      expect(t.pinTries).toBe(tries);
      expect(t.txn).toEqual({ ...first, stan: 10 + tries });
      return bytes(t.pinSerial).readUInt32BE(8);
    });
    expect(serials).toEqual([1, 2, 3]);
    expect([k.key, k.serial]).toEqual(["", ""]);
  });

  test("two blocks of one PIN under one key would differ: half of each is random", () => {
    expect(k.natives.aes).toBe(null);
    const values = new Set<string>();
    const real = board.random;
    let value = 0;
    board.random = () => (value += 4099);
    for (let round = 0; round < 3; round++) {
      k.key = "k".repeat(16);
      sealPin(t, k, board);
      values.add(t.pinBlock);
    }
    board.random = real;
    expect(values.size).toBe(3);
  });

  test("is nothing when there is no key: no PIN, no sale", () => {
    expect(sealPin(t, k, board)).toBe(Event.NoPin);
    expect([t.pinBlock, t.pinSerial, t.pinTries]).toEqual(["", "", 0]);
    expect(request().sale?.[22]).toBe("022");
  });
});
