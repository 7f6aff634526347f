/** Opens the folder, says so and keeps it until it is killed; or says why not. */
import { openPglite } from "../../../src/host/pglite";

try {
  await openPglite(String(process.argv[2]));
  console.log("open");
  process.stdin.resume();
} catch (error) {
  console.log((error as Error).message);
}
