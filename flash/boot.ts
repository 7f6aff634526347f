/**
 * The boot code: finds the slot to start from, counts a start on trial, lends the bundle `part(at, byteCount)`, which reads its content, and
 * `slots`, which says where it stands, and runs it. A bundle that throws as it starts is given up for the other one, if there is one; one that
 * hangs ends in the watchdog, and after three starts the other one is taken. The rules are those of `chooseSlot`, in the engine's dialect.
 *
 * It runs from the engine's file store on a board, and from a file of the simulator's around the Linux build: how flash is reached differs.
 */
import { HEAD, MARK, PAGE_BYTES } from "./slots";

/** How the boot code reaches slot 0 and slot 1, each as text of the engine's language. */
export interface Ways {
  /** A function of slot, place and length. */
  read: string;
  /** A function of slot, place and text, for raw flash; nothing is written that `raw`, which reads there, does not see as `read` does. */
  write: string;
  raw: string;
  /** What reads a part of the content (its place, its length) of each slot. It is kept, so it must be no closure. */
  parts: readonly [string, string];
  /** Begin of each slot in raw flash, and its pages, for the firmware. */
  addresses: readonly [number, number];
  pageCount: number;
}

/** Longer than any bundle takes to start. */
const WATCHDOG_S = 60;
/** For the words that it threw to leave by the cable. */
const RESTART_MS = 100;

/** A file of the engine's store: what lies in it before its first whole page, and where that is in raw flash. */
export interface StoredSlot {
  name: string;
  skippedBytes: number;
  address: number;
}

export function storedWays(slots: readonly [StoredSlot, StoredSlot], pageCount: number): Ways {
  const stored = ({ name, skippedBytes }: StoredSlot, at: number) =>
    `function(o,n){return require("Storage").read("${name}",${skippedBytes + at}+o,n)}`;
  const [a, b] = slots;
  const addresses = [a.address, b.address] as const;
  return {
    read: `function(i,o,n){return (i?${stored(b, 0)}:${stored(a, 0)})(o,n)}`,
    raw: `function(i,o,n){return E.toString(require("Flash").read(n,[${addresses.join()}][i]+o))}`,
    write: `function(i,o,d){require("Flash").write(d,[${addresses.join()}][i]+o)}`,
    parts: [stored(a, PAGE_BYTES), stored(b, PAGE_BYTES)],
    addresses,
    pageCount,
  };
}

/** What every bundle says once it has started; `digest` begins with the digest of its content. */
export function greeting(digest: string): string {
  const start = Array.from(digest.slice(0, 4), (char) => char.charCodeAt(0).toString(16).padStart(2, "0"));
  return `Tillet ${start.join("")} runs`;
}

const bigEndian = (value: number) =>
  [24, 16, 8, 0].map((shift) => `\\x${((value >>> shift) & 255).toString(16).padStart(2, "0")}`).join("");

/**
 * In memory stay `part` and `slots`: state (`G` good, `T` on trial, `B` another was given up for it), version, address of the own slot, of the other
 * (4 bytes each), pages of each (1 byte); "" when raw flash is not where the boot code believes.
 */
export function bootCode(ways: Ways): string {
  const { addresses, pageCount } = ways;
  const set = "\\x00\\x00\\x00\\x00";
  const unset = "\\xff\\xff\\xff\\xff";
  return `
var boot=(function(r,w,raw){
var u=function(h,k){return((h.charCodeAt(k)*256+h.charCodeAt(k+1))*256+h.charCodeAt(k+2))*256+h.charCodeAt(k+3)};
var look=function(i){
var h=r(i,0,${MARK.end}),s={rank:-1,i:i};
if(!h||h.substr(0,4)!="TSL1"||E.CRC32(h.substr(0,${HEAD.check}))!=u(h,${HEAD.check})||h.substr(${MARK.complete},4)!="${set}")return s;
s.h=""+h;
s.good=h.substr(${MARK.good},4)=="${set}";
s.bad=h.substr(${MARK.bad},4)!="${unset}"||(!s.good&&h.substr(${MARK.trials[2]},4)!="${unset}");
s.rank=u(h,${HEAD.sequence})+(s.bad?0:4294967296);
return s};
var a=look(0),b=look(1),o=a;
if(b.rank>a.rank){a=b;b=o}
if(a.rank<0)return;
var i=a.i,h=a.h,k,can=raw(i,0,${HEAD.end})==h.substr(0,${HEAD.end});
if(can&&!a.good&&!a.bad){
for(k=${MARK.trials[0]};h.substr(k,4)!="${unset}";k+=4);
w(i,k,"${set}");
E.enableWatchdog(${WATCHDOG_S},false);
}
var back=b.rank>=0&&u(b.h,${HEAD.sequence})>u(h,${HEAD.sequence});
var n="";for(k=0;k<4;k++)n+=(h.charCodeAt(${HEAD.digest}+k)+256).toString(16).substr(1);
return{i:i,at:u(h,${HEAD.mainAt}),n:u(h,${HEAD.mainBytes}),name:n,
slots:can?(back?"B":a.good?"G":"T")+h.substr(${HEAD.version},4)+["${bigEndian(addresses[0])}","${bigEndian(addresses[1])}"][i]+["${bigEndian(addresses[1])}","${bigEndian(addresses[0])}"][i]+"\\x${pageCount.toString(16).padStart(2, "0")}":"",
t:can&&b.rank>=4294967296&&setTimeout(function(w,i){w(i,${MARK.bad},"${set}");E.reboot()},${RESTART_MS},w,i)};
})(${ways.read},${ways.write},${ways.raw});
if(!boot)print("No firmware: tillet flash writes it.");
var part=boot&&[${ways.parts.join()}][boot.i],slots=boot&&boot.slots;
if(boot)eval(part(boot.at,boot.n));
if(boot&&boot.t)clearTimeout(boot.t);
if(boot)print("Tillet "+boot.name+" runs");
delete boot;
`.replaceAll("\n", "");
}
