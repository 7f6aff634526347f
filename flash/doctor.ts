/**
 * Tests each peripheral of a board by a small probe in the engine's memory, and says which wire is wrong. Nothing is written to flash. A probe
 * looks at the idle levels before it asks: a line that idles high has a device's output on it, which tells swapped wires from a device
 * without power. What gives no answer to the board is left to the user's eyes.
 *
 * Slowest: a device that does not answer, WAIT_MS; I2C on ESP32 up to 1 s an address
 */
import type { Espruino } from "./espruino";
import type { Check } from "./wiring";

export interface Finding {
  device: string;
  /** `look`: the user has to. */
  verdict: "ok" | "bad" | "look";
  text: string;
}

type Verdict = Omit<Finding, "device">;
type Of<K extends Check["kind"]> = Extract<Check, { kind: K }>;

const WAIT_MS = 700;
const ANSWER_MS = 12_000;
const CELL_MILLIVOLT = { min: 2_800, max: 4_500 };
const NO_CELL_MILLIVOLT = 500;

const ok = (text: string): Verdict => ({ verdict: "ok", text });
const bad = (text: string): Verdict => ({ verdict: "bad", text });
const look = (text: string): Verdict => ({ verdict: "look", text });

/** Levels of pins as inputs with a pull, then the pins are the engine's again. */
const LEVELS =
  'function l(p,m){return p.map(function(x){pinMode(x,m);var v=digitalRead(x);pinMode(x);return v?"1":"0"}).join("")}';
/** On ESP32, GPIO 34 to 39 have no pulls: that mode throws nothing and does nothing. */
const DOWN = '"input_pulldown"';
const UP = '"input_pullup"';

const list = (pins: readonly string[]) => `[${pins.join()}]`;

export async function examine(
  board: Espruino,
  checks: readonly Check[],
  onFinding: (finding: Finding) => void,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) {
    for (const finding of await findingsOf(board, check)) {
      findings.push(finding);
      onFinding(finding);
    }
  }
  return findings;
}

async function findingsOf(board: Espruino, check: Check): Promise<Finding[]> {
  const answer = await board.askLater(`${LEVELS}try{${probeOf(check)}}catch(e){done("!"+e)}`, ANSWER_MS);
  if (answer.startsWith("!"))
    return [{ device: check.device, ...bad(`The engine refuses its pins (${answer.slice(1)}).`) }];
  if (check.kind === "i2c") return i2cFindings(check, answer);
  return [{ device: check.device, ...verdictOf(check, answer) }];
}

function probeOf(check: Check): string {
  switch (check.kind) {
    case "uart":
      return uartProbe(check);
    case "i2c":
      return i2cProbe(check);
    case "matrix":
      return (
        `var r=${list(check.rows)},c=${list(check.columns)};r.forEach(function(x){pinMode(x,${UP})});var o=l(c,${UP});` +
        `r.forEach(function(x){pinMode(x,"output");digitalWrite(x,0);o+=l(c,${UP});pinMode(x,${UP})});` +
        "r.forEach(function(x){pinMode(x)});done(o)"
      );
    case "stripe":
      return `done(l(${list(check.pins)},${UP}))`;
    case "battery":
      return `done(Math.round(analogRead(${check.pin})*${check.fullScaleMillivolt}))`;
    case "panel":
      return panelProbe(check);
    case "touch":
      return touchProbe(check);
    case "lamps":
      return (
        `var p=[${check.lamps.map(({ pin, on }) => `[${pin},${on}]`).join()}],i=0;` +
        "(function s(){if(i)digitalWrite(p[i-1][0],1-p[i-1][1]);if(i>=p.length)return done('');" +
        "digitalWrite(p[i][0],p[i][1]);i++;setTimeout(s,300)})()"
      );
  }
}

function uartProbe({ serial, baud, tx, rx, reset, question }: Of<"uart">): string {
  const wires = [tx && `tx:${tx}`, rx && `rx:${rx}`].filter(Boolean).join();
  return (
    (reset ? `digitalWrite(${reset},1);` : "") +
    `var v=l(${list([rx || tx, tx || rx])},${DOWN}),b="";Serial${serial}.setup(${baud},{${wires}});` +
    `Serial${serial}.on("data",function(d){b+=d});Serial${serial}.write(atob("${btoa(question)}"));` +
    `setTimeout(function(){Serial${serial}.removeAllListeners("data");done(v+btoa(b.substr(0,64)))},${WAIT_MS})`
  );
}

function i2cProbe({ sda, scl, chips }: Of<"i2c">): string {
  const addresses = `[${chips.map(({ address }) => address).join()}]`;
  return (
    `var o=l([${scl},${sda}],${UP});[[${scl},${sda}],[${sda},${scl}]].forEach(function(w){` +
    `I2C1.setup({scl:w[0],sda:w[1],bitrate:100000});${addresses}.forEach(function(a){` +
    'try{I2C1.readFrom(a,1);o+="1"}catch(e){o+="0"}})});done(o)'
  );
}

/** Read ID4 (D3h) of an ILI9341, read display ID (04h) of an ST7789V: bytes that are neither all zeros nor all ones come from a chip. */
function panelProbe({ bus, sck, mosi, miso, select, data, light }: Of<"panel">): string {
  if (!miso || !data) return `${light ? `digitalWrite(${light},1);` : ""}done("")`;
  const read = (command: number) =>
    `digitalWrite(${select},0);digitalWrite(${data},0);SPI${bus}.send(${command});digitalWrite(${data},1);` +
    `o+=btoa(SPI${bus}.send("\\0\\0\\0\\0"))+" ";digitalWrite(${select},1);`;
  return (
    `var o="";SPI${bus}.setup({sck:${sck},mosi:${mosi},miso:${miso},baud:1000000});` +
    `${light ? `digitalWrite(${light},1);` : ""}${read(0xd3)}${read(0x04)}done(o)`
  );
}

/** The pen line, then y twice, since the plate has to settle, and x likewise with power down behind it. */
function touchProbe({ bus, sck, mosi, miso, select, pen }: Of<"touch">): string {
  return (
    `var p=${pen ? `digitalRead(${pen})` : "1"};SPI${bus}.setup({sck:${sck},mosi:${mosi},miso:${miso},baud:1000000});` +
    `digitalWrite(${select},0);var b=SPI${bus}.send("\\x91\\0\\x91\\0\\xd1\\0\\xd0\\0\\0");digitalWrite(${select},1);done(p+btoa(b))`
  );
}

function verdictOf(check: Exclude<Check, { kind: "i2c" }>, answer: string): Verdict {
  switch (check.kind) {
    case "uart":
      return uartVerdict(check, answer);
    case "matrix":
      return matrixVerdict(check, answer);
    case "stripe": {
      const low = check.pins.filter((_, index) => answer[index] === "0");
      if (low.length > 0) return bad(`${low.join(" and ")} held low: a short to ground, or the head has no power.`);
      return look("Its lines idle high, as they should; swipe a card in the terminal to see the rest.");
    }
    case "battery":
      return batteryVerdict(check, Number(answer));
    case "panel":
      if (answer.split(" ").some((text) => /[^\0\xff]/.test(atob(text)))) return ok("The display's chip answers.");
      return look(
        "No answer, as of many panels without MISO: is its light on? If not, check 3.3 V, GND and the backlight's wire.",
      );
    case "touch":
      return touchVerdict(check, answer);
    case "lamps":
      return look(
        `Did each light or sound in turn? ${check.lamps.map(({ pin }) => pin).join(", ")}; one that did not has a wrong wire or stands the wrong way round.`,
      );
  }
}

function uartVerdict({ tx, rx, baud, question, answer: wanted }: Of<"uart">, answer: string): Verdict {
  const [rxIdle, txIdle, bytes] = [answer[0] === "1", answer[1] === "1", atob(answer.slice(2))];
  if (wanted?.test(bytes)) return ok(`It answers at ${baud} baud.`);
  if (bytes !== "" && question !== "")
    return bad(`What comes at ${rx} is garbled: wrong baud rate (${baud} wanted), or GND is not joined.`);
  if (question === "" || !rx) return look("It does not answer questions: use it in the terminal.");
  if (rxIdle) return bad(`It is there but hears nothing: the wire from ${tx} to its RX is off.`);
  if (txIdle) return bad(`RX and TX are swapped: its TX goes to ${rx}, its RX to ${tx}.`);
  return bad(`Silent: no power, or the wire from its TX to ${rx} is off.`);
}

function i2cFindings({ device, sda, scl, chips }: Of<"i2c">, answer: string): Finding[] {
  const low = [scl, sda].filter((_, index) => answer[index] === "0");
  if (low.length > 0) {
    return [
      { device, ...bad(`${low.join(" and ")} held low: a short to ground, or a device on the bus has no power.`) },
    ];
  }
  const [straight, crossed] = [answer.slice(2, 2 + chips.length), answer.slice(2 + chips.length)];
  if (!straight.includes("1") && crossed.includes("1")) {
    return [{ device, ...bad(`SDA and SCL are swapped: SDA goes to ${sda}, SCL to ${scl}.`) }];
  }
  if (!straight.includes("1") && chips.length > 1) {
    return [{ device, ...bad(`Nothing acknowledges: no power, or the wires SDA (${sda}) and SCL (${scl}) are off.`) }];
  }
  return chips.map(({ name, address }, index) => {
    const at = `${address.toString(16).toUpperCase()}h`;
    const isThere = straight[index] === "1";
    const missing = `No acknowledgement at ${at}: its power, SDA (${sda}), SCL (${scl}), or its address jumper.`;
    return { device: name, ...(isThere ? ok(`It acknowledges at ${at}.`) : bad(missing)) };
  });
}

function matrixVerdict({ rows, columns }: Of<"matrix">, answer: string): Verdict {
  const stuck = columns.filter((_, index) => answer[index] === "0");
  if (stuck.length > 0) {
    return bad(
      `${stuck.join(" and ")} held low with no row driven: a short to ground, or the column's pull-up is missing.`,
    );
  }
  const pressed = rows.flatMap((row, r) =>
    columns.filter((_, c) => answer[(r + 1) * columns.length + c] === "0").map((column) => `${row} and ${column}`),
  );
  if (pressed.length > 0) return bad(`Joined: ${pressed.join(", ")}: a key that is pressed, or a short.`);
  return look("No line is stuck; press each key in the terminal, since a wire that is off shows only then.");
}

/** Bits around a conversion are low; a wire that nobody drives is not. */
function touchVerdict({ sck, mosi, miso, select }: Of<"touch">, answer: string): Verdict {
  const bytes = Array.from(atob(answer.slice(1)), (char) => char.charCodeAt(0));
  const reading = (at: number) => (((bytes[at] ?? 255) << 8) | (bytes[at + 1] ?? 255)) >> 3;
  const isConverted = [1, 3, 5, 7].every(
    (at) => ((bytes[at] ?? 255) & 0x80) === 0 && ((bytes[at + 1] ?? 255) & 7) === 0,
  );
  if (!isConverted)
    return bad(`It does not convert: no power, or SCK (${sck}), MOSI (${mosi}), MISO (${miso}) or select (${select}).`);
  if (answer.startsWith("1"))
    return look("It converts. Run this again with a finger on an edge: it says what the glass reads there.");
  return ok(`It converts; where it is touched, it reads ${reading(7)} across, ${reading(3)} down.`);
}

function batteryVerdict({ pin, perVolt }: Of<"battery">, pinMillivolt: number): Verdict {
  const cellMillivolt = Math.round((pinMillivolt * perVolt) / 1000);
  if (cellMillivolt < NO_CELL_MILLIVOLT) return bad(`No voltage at ${pin}: no cell, or the divider's tap is off.`);
  if (cellMillivolt < CELL_MILLIVOLT.min || cellMillivolt > CELL_MILLIVOLT.max) {
    return bad(
      `${cellMillivolt} mV is no lithium-ion cell: the resistors of the divider at ${pin} are not those of the profile.`,
    );
  }
  return ok(`${cellMillivolt} mV.`);
}
