/** What a doctor says of the way to the host that ends at each layer; and that the terminal's own line test says the same. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { examineNetwork, MISSING } from "../../flash/doctor-net";
import { record } from "../../src/sim/records";
import { DeskText } from "../../src/txn/texts-desk";
import { DESK_WORDS_EN } from "../../src/txn/texts-desk-en.table";
import { hasEspruino } from "../engines";
import { EspruinoBoard } from "./board";
import { atPrompt, ProbeBoard } from "./probe-board";

const SETTINGS = "00000001|000000000000001|EUR|978|2|host.example|7583|SHOP|PLACE|2601|test";
const settings = (text: string) => record("C", Buffer.from(text)).toString("latin1");

async function said(board: ProbeBoard): Promise<string[]> {
  const { espruino } = await atPrompt(board.line);
  const heard: string[] = [];
  const findings = await examineNetwork(espruino, ({ device }) => heard.push(device));
  expect(heard).toEqual(findings.map(({ device }) => device));
  return findings.map(({ device, verdict, text }) => `${verdict} ${device}: ${text}`);
}

test("each layer is called as the terminal calls it", () => {
  const words = DESK_WORDS_EN[DeskText.Missing].split("|").slice(1, -1);
  expect(words.slice(0, 4).map((each) => each.slice(1).replaceAll("\n", " "))).toEqual(MISSING);
});

describe("on a board of wires", () => {
  let board: ProbeBoard;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    board = new ProbeBoard();
    board.network.settings = settings(SETTINGS);
  });
  afterEach(() => void vi.useRealTimers());

  async function examined(): Promise<string[]> {
    let result: string[] | null = null;
    let failure: unknown = null;
    said(board).then(
      (findings) => (result = findings),
      (error: unknown) => (failure = error),
    );
    while (!result && failure === null) await vi.advanceTimersByTimeAsync(50);
    if (failure instanceof Error) throw failure;
    return result as unknown as string[];
  }

  const WELL = [
    "ok Wi-Fi: Joined, -61 dBm.",
    "ok IP: 10.0.0.7.",
    "ok DNS (host.example): 192.0.2.1.",
    "ok TCP (host.example:7583): It takes connections.",
    expect.stringMatching(/^look Host: .*F 8/) as string,
  ];

  test("all is well, as far as a doctor can know", async () => {
    expect(await examined()).toEqual(WELL);
  });

  test("a name that is known when it is asked for again is known", async () => {
    board.network.namesFrom = 2;
    expect(await examined()).toEqual(WELL);
  });

  test.each<[string, (network: ProbeBoard["network"]) => void, number, RegExp]>([
    ["no network", (n) => (n.joins = false), 0, /^bad Wi-Fi: Wi-Fi is not joined\. Go nearer .*--wifi FILE/],
    ["no radio", (n) => (n.hasRadio = false), 0, /^bad Wi-Fi: The engine has no Wi-Fi/],
    ["no network set up", (n) => (n.file = null), 0, /^look Wi-Fi: No network is set up: tillet flash --wifi/],
    ["no address", (n) => (n.ip = "0.0.0.0"), 1, /^bad IP: No IP address\. Restart the router\./],
    ["no name", (n) => n.names.clear(), 2, /^bad DNS \(host\.example\): Host name not found\. Check the internet/],
    ["no host", (n) => (n.open = []), 3, /^bad TCP \(host\.example:7583\): Host is not reached\. Call for service/],
    ["no settings", (n) => (n.settings = ""), 2, /^look DNS: No settings/],
    ["settings that are torn", (n) => (n.settings = `${n.settings.slice(0, 60)}`), 2, /^look DNS: No settings/],
  ])("%s: the layers before it are there, and it is the last one", async (_, spoil, layers, text) => {
    spoil(board.network);
    const findings = await examined();
    expect(findings.slice(0, layers)).toEqual(WELL.slice(0, layers));
    expect(findings).toHaveLength(layers + 1);
    expect(findings[layers]).toMatch(text);
  });

  test("of two addresses each is tried, whatever became of the first", async () => {
    board.network.settings = settings(`${SETTINGS}|host2=other.example:7584`);
    board.network.names = new Map([["other.example", "192.0.2.2"]]);
    board.network.open = ["other.example:7584"];
    const findings = await examined();
    expect(findings.map((each) => each.split(":")[0])).toEqual([
      "ok Wi-Fi",
      "ok IP",
      "bad DNS (host.example)",
      "ok DNS (other.example)",
      "ok TCP (other.example",
      "look Host",
    ]);
  });
});

describe.skipIf(!hasEspruino)("on the real engine", () => {
  test("every probe runs there", async () => {
    const board = new EspruinoBoard();
    try {
      board.powerOn();
      const { talk, espruino } = await atPrompt(board.line);
      await espruino.ask(
        '(Modules.addCached("Wifi","exports.s=0;exports.getStatus=function(){return{station:exports.s?\\"connected\\":\\"off\\",rssi:-50}};' +
          'exports.getIP=function(){return{ip:\\"10.0.0.7\\"}};exports.connect=function(n,o,f){exports.s=n+o.password==\\"ab\\";setTimeout(f,1)};' +
          'exports.getHostByName=function(n,f){setTimeout(f,1,\\"127.0.0.1\\")}"),require("Storage").write("tillet.wifi","a\\nb"),1)',
      );
      const flash = {
        askLater: espruino.askLater.bind(espruino),
        hasFlash: () => Promise.resolve(true),
        readBytes: () => Promise.resolve(settings(SETTINGS.replace("host.example|7583", "127.0.0.1|9"))),
      };
      const findings = await examineNetwork(flash, () => undefined);
      expect(findings.map(({ device, verdict }) => `${verdict} ${device}`)).toEqual([
        "ok Wi-Fi",
        "ok IP",
        "ok DNS (127.0.0.1)",
        "bad TCP (127.0.0.1:9)",
      ]);
      await talk.close();
    } finally {
      board.close();
    }
  });
});
