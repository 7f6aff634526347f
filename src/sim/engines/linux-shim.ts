/**
 * What stands before the Linux board's bundle in the engine, so that a run in virtual time is the same each time: its clock and timers are
 * the simulator's, TCP ports are those of this run, chance is fixed, the cable to the host can be pulled, and power can go inside a
 * write to the flash file. Board and bundle are as they ship. All that it sees goes to the simulator as lines over one more socket, in
 * order; bytes go over the sockets that the board opens, and here only their number.
 */

import { bootCode, type Ways } from "../../../flash/boot";
import { MAIN } from "../../../flash/parts";
import { storing } from "./espruino";

/** Power goes in this write to the flash file, after so many bytes. */
export interface FileCut {
  operation: number;
  bytesDone: number;
}

export interface ShimOptions {
  controlPort: number;
  /** Where the board's own TCP ports are in this run. */
  ports: ReadonlyMap<number, number>;
  hostPort: number;
  flashFile: string;
  /** The bundle's files, in the working directory; none where it runs from the slots of the flash file. */
  names: readonly string[];
  slotPages: number;
  cut: FileCut | null;
}

/** Where the slots stand in raw flash, and in the file. */
const SLOTS_ADDRESS = 0x321000;
const SLOTS_AT = 18 * 4096;

/** The slots of the flash file; content is read into memory, which this build has enough of. */
function fileWays(pageCount: number): Ways {
  const slotBytes = pageCount * 4096;
  const read = (slot: string, at: number) => `SHIM.slot(${SLOTS_AT + at}+${slot}*${slotBytes}+o,n)`;
  return {
    read: `function(i,o,n){return ${read("i", 0)}}`,
    raw: `function(i,o,n){return ${read("i", 0)}}`,
    write: `function(i,o,d){SHIM.mark(${SLOTS_AT}+i*${slotBytes}+o,d)}`,
    parts: [`function(o,n){return ${read("0", 4096)}}`, `function(o,n){return ${read("1", 4096)}}`],
    addresses: [SLOTS_ADDRESS, SLOTS_ADDRESS + slotBytes],
    pageCount,
  };
}

export function shim(options: ShimOptions): string {
  const { controlPort, ports, hostPort, flashFile, names, slotPages, cut } = options;
  return `
var SHIM={turn:0,ms:0,n:1,t:{},got:0,plugged:0,opened:0,closed:0,ops:0,isCut:0,q:"",s:0,link:0,
ports:${JSON.stringify(Object.fromEntries(ports))},
say:function(x){var l=JSON.stringify(x)+"\\n";if(SHIM.s)SHIM.s.write(l);else SHIM.q+=l},
sync:function(){SHIM.say(["y",SHIM.turn,SHIM.got,SHIM.plugged,SHIM.opened,SHIM.closed])},
fire:function(id){var x=SHIM.t[id];delete SHIM.t[id];if(x)x[0](x[1],x[2],x[3])},
net:require("net"),file:E.openFile};
setInterval(function(){},60000);
global.setTimeout=function(f,ms,a,b,c){var id=SHIM.n++;SHIM.t[id]=[f,a,b,c];SHIM.say(["t",id,ms]);return id};
global.clearTimeout=function(id){delete SHIM.t[id];SHIM.say(["t",id,-1])};
global.getTime=function(){return SHIM.ms/1000};
SHIM.wire=function(where,done){
var s=SHIM.net.connect({host:"127.0.0.1",port:SHIM.ports[where.port]},function(){SHIM.plugged++;done()});
return{on:function(e,f){s.on(e,e=="data"?function(d){SHIM.got+=d.length;f(d)}:f)},
write:function(d){if(SHIM.isCut)return;SHIM.say(["w",where.port,d.length]);s.write(d)}}};
SHIM.dial=function(where,done){
var l={h:{},s:0,
on:function(e,f){l.h[e]=f},
write:function(d){if(SHIM.isCut)return;SHIM.say(["w",0,d.length]);l.s.write(d)},
end:function(){SHIM.say(["nc"]);if(l.s)l.s.end();l.s=0},
open:function(){var s=SHIM.net.connect({host:"127.0.0.1",port:${hostPort}},function(){SHIM.opened++;done()});l.s=s;
s.on("data",function(d){SHIM.got+=d.length;if(l.s==s)l.h.data(d)});
s.on("close",function(){SHIM.closed++;if(l.s==s){l.s=0;l.h.close()}})},
refuse:function(){SHIM.closed++;l.h.close()}};
SHIM.say(["no",where.host,where.port]);SHIM.link=l;return l};
SHIM.connect=function(where,done){return SHIM.ports[where.port]?SHIM.wire(where,done):SHIM.dial(where,done)};
Modules.addCached("net","exports.connect=SHIM.connect");
E.openFile=function(path,mode){
if(path=="/dev/urandom")return{read:function(n){return "chance".repeat(n).substr(0,n)},close:function(){}};
var f=SHIM.file(path,mode),at=0;
if(path!=${JSON.stringify(flashFile)}||mode!="r+")return f;
return{seek:function(a){at=a;f.seek(a)},close:function(){f.close()},write:function(d){
if(SHIM.isCut)return;
SHIM.isCut=++SHIM.ops==${cut?.operation ?? 0};
f.write(SHIM.isCut?d.substr(0,${cut?.bytesDone ?? 0}):d);
SHIM.say(["f",at,btoa(d)])}}};
SHIM.slot=function(at,n){var f=SHIM.file(${JSON.stringify(flashFile)},"r"),t="",p;f.seek(at);
while(t.length<n&&(p=f.read(n-t.length)))t+=p;f.close();return t};
SHIM.mark=function(at,d){var f=E.openFile(${JSON.stringify(flashFile)},"r+");f.seek(at);f.write(d);f.close()};
E.reboot=function(){SHIM.say(["x"])};
${
  slotPages > 0
    ? bootCode(fileWays(slotPages))
    : `${storing(names)}
eval(require("Storage").read("${MAIN}"));`
}
SHIM.net.connect({host:"127.0.0.1",port:${controlPort}},function(s){
var b="";
s.on("data",function(d){b+=d;var i;while((i=b.indexOf("\\n"))>=0){var l=b.substr(0,i);b=b.substr(i+1);eval(SHIM.isCut?"SHIM.sync()":l)}});
s.on("close",function(){quit()});
SHIM.s=s;s.write(SHIM.q);SHIM.q="";
});
`;
}
