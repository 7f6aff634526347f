/** The TCP side: lines in, lines out, in order on each connection. Memory and time are bounded for whoever connects. */
import { createServer, type Server, type Socket } from "node:net";

/** Longest line: base64 of header, tag and the longest message, see `docs/protocol.md`. */
const LINE_BYTES_MAX = 508;
/** A terminal keeps its connection; one that says nothing for this long has gone. */
const IDLE_MS_MAX = 15 * 60 * 1000;
/** Turns of the event loop until a connection must have shown itself. */
const TURNS_MAX = 1000;
/** Lines that wait on one connection; a terminal has one request outstanding. */
const WAITING_MAX = 16;
/** Answers that the other end has not read yet. */
const UNREAD_BYTES_MAX = 65536;

export interface Gateway {
  port: number;
  /** Resolves when everything that arrived from the local port so far (at least `bytesSent`) is answered: bytes answered in all. */
  quiet(localPort: number, bytesSent: number): Promise<number>;
  close(): Promise<void>;
}

interface Connection {
  socket: Socket;
  /** The other end's; not a name: two addresses may come from one port. */
  port: number;
  bytesIn: number;
  bytesOut: number;
  rest: string;
  isSkipping: boolean;
  waiting: number;
  work: Promise<void>;
  wake: (() => void)[];
}

/** Serves until closed. `answer` gives the line to send back, or null for silence; when it throws nothing is sent. */
export async function openGateway(
  port: number,
  host: string,
  answer: (line: string) => Promise<string | null>,
  onError: (error: unknown) => void,
): Promise<Gateway> {
  const connections = new Set<Connection>();
  const server = createServer((socket) => accept(socket, connections, answer, onError));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as { port: number }).port,
    quiet: (localPort, bytesSent) => quiet(connections, localPort, bytesSent),
    close: () => closeAll(server, connections),
  };
}

function accept(
  socket: Socket,
  connections: Set<Connection>,
  answer: (line: string) => Promise<string | null>,
  onError: (error: unknown) => void,
): void {
  const connection: Connection = {
    socket,
    port: socket.remotePort ?? 0,
    bytesIn: 0,
    bytesOut: 0,
    rest: "",
    isSkipping: false,
    waiting: 0,
    work: Promise.resolve(),
    wake: [],
  };
  connections.add(connection);
  socket.setNoDelay(true);
  socket.setTimeout(IDLE_MS_MAX, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    connections.delete(connection);
    wakeAll(connection);
  });
  socket.on("data", (bytes) => {
    connection.bytesIn += bytes.length;
    for (const line of takeLines(connection, bytes.toString("latin1"))) {
      if (connection.waiting >= WAITING_MAX) {
        socket.destroy();
        break;
      }
      connection.waiting++;
      connection.work = connection.work
        .then(() => serve(connection, line, answer))
        .catch(onError)
        .finally(() => connection.waiting--);
    }
    wakeAll(connection);
  });
}

async function serve(
  connection: Connection,
  line: string,
  answer: (line: string) => Promise<string | null>,
): Promise<void> {
  const reply = await answer(line);
  if (reply === null || connection.socket.destroyed) return;
  connection.bytesOut += reply.length;
  connection.socket.write(reply, "latin1");
  if (connection.socket.writableLength > UNREAD_BYTES_MAX) connection.socket.destroy();
}

/** Whole lines out of the stream; an overlong one is passed over up to its end. */
export function takeLines(connection: Pick<Connection, "rest" | "isSkipping">, bytes: string): string[] {
  const pieces = (connection.rest + bytes).split("\n");
  connection.rest = pieces.pop() ?? "";
  const lines = pieces.filter(
    (line, index) => line && line.length <= LINE_BYTES_MAX && !(index === 0 && connection.isSkipping),
  );
  if (pieces.length > 0) connection.isSkipping = false;
  if (connection.rest.length > LINE_BYTES_MAX) {
    connection.rest = "";
    connection.isSkipping = true;
  }
  return lines;
}

function wakeAll(connection: Connection): void {
  for (const wake of connection.wake.splice(0)) wake();
}

async function quiet(connections: Set<Connection>, localPort: number, bytesSent: number): Promise<number> {
  const find = () => [...connections].findLast(({ port }) => port === localPort);
  let found = find();
  for (let turns = 0; !found; turns++) {
    // The other end may know of a connection some turns before this one; or this one is gone.
    if (turns === TURNS_MAX) return 0;
    await new Promise((resolve) => setImmediate(resolve));
    found = find();
  }
  while (found.bytesIn < bytesSent && connections.has(found)) {
    await new Promise<void>((resolve) => found?.wake.push(resolve));
  }
  await found.work;
  return found.bytesOut;
}

/** Work that has begun is done before the caller may close the database. */
async function closeAll(server: Server, connections: Set<Connection>): Promise<void> {
  const open = [...connections];
  for (const { socket } of open) socket.destroy();
  await Promise.all(open.map(({ work }) => work));
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
