import { torture } from "../src/cli/torture/day";
const seed = Number(process.argv[2] ?? 1), n = Number(process.argv[3] ?? 200);
for (let s = seed; s < seed + Number(process.argv[4] ?? 1); s++) {
const t = Date.now();
try {
const r = await torture({ seed: s, transactions: n, terminals: 3 });
console.log(JSON.stringify(r), (Date.now() - t) / r.transactions, "ms each");
} catch (e) { console.log((e as Error).message); }
}
