/** The display twin shows what ECMA-48 says, and stops at whatever the display does not know. */
import { beforeEach, describe, expect, test } from "vitest";
import { COLUMNS, DisplayTwin, ROWS } from "../../src/sim/twins/display";

let display: DisplayTwin;
beforeEach(() => {
  display = new DisplayTwin();
});

describe("shows", () => {
  test("text from the cursor on, which CUP sets; 1 where a number is missing", () => {
    display.feed("\x1b[3;5HAB\x1b[2HC\x1b[;4HD\x1b[HE");
    expect(display.rows().slice(0, 3)).toEqual(["E  D", "C", "    AB"]);
  });

  test("nothing any more from the cursor to the end of the row after EL", () => {
    display.feed("\x1b[1;1HABCDEF\x1b[1;3H\x1b[K");
    expect(display.rows()[0]).toBe("AB");
    display.feed("\x1b[1;2H\x1b[0K");
    expect(display.rows()[0]).toBe("A");
  });

  test("the same, however the bytes come apart", () => {
    for (const byte of "\x1b[8;21HX") display.feed(byte);
    expect(display.rows()).toEqual([...new Array<string>(ROWS - 1).fill(""), "X".padStart(COLUMNS)]);
  });

  test("Chinese over two columns, also when its bytes come apart", () => {
    for (const byte of "\x1b[1;1HA\xca\xd5\xbf\xeeB\x1b[1;6HC") display.feed(byte);
    expect(display.rows()[0]).toBe("A收款C");
  });

  test("nothing after the power went", () => {
    display.feed("\x1b[1;1HA\xca");
    display.clear();
    expect(display.rows()).toEqual(new Array<string>(ROWS).fill(""));
  });
});

describe("stops at", () => {
  test.each([
    ["text past the last column", `\x1b[2;1H${"x".repeat(22)}`, "past column 21 in row 2"],
    ["a line feed", "A\n", "byte 10 is not ASCII text"],
    ["a row that is not there", "\x1b[9;1H", 'unknown control sequence "H" 9;1'],
    ["a column that is not there", "\x1b[1;22H", 'unknown control sequence "H" 1;22'],
    ["another kind of EL", "\x1b[1K", 'unknown control sequence "K" 1'],
    ["colours", "\x1b[31m", 'unknown control sequence "m" 31'],
    ["a private sequence", "\x1b[?25l", "unknown control sequence"],
    ["an escape that is no CSI", "\x1bcA", "unknown control sequence"],
  ])("%s", (_, bytes, message) => {
    expect(() => display.feed(bytes)).toThrow(message);
  });

  test.each(["\xb0A", "\xb0\x1b", "\xfe\xfe", "\xb0\xa0"])(
    "half a Chinese character, and one that is not there: %j",
    (bytes) => {
      expect(() => display.feed(bytes)).toThrow("no character of GB 2312");
    },
  );

  test("a Chinese character that does not fit its row", () => {
    expect(() => display.feed(`\x1b[1;20H\xb0\xa1\xb0\xa1`)).toThrow("text past column 21");
  });

  test("every byte that is neither text nor ESC, nor the first of a Chinese character", () => {
    for (let byte = 0; byte < 256; byte++) {
      const feed = () => new DisplayTwin().feed(String.fromCharCode(byte));
      if (byte === 27 || (byte >= 32 && byte < 127) || (byte >= 161 && byte < 255)) expect(feed).not.toThrow();
      else expect(feed, `byte ${byte}`).toThrow(`byte ${byte} `);
    }
  });
});
