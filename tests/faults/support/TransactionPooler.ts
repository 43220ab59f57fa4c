import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';

/** Connections of the server that the clients of one user and database share. */
const SHARED = 4;

const SSL_REQUEST = 80877103;
const CANCEL_REQUEST = 80877102;

/** Messages of a client that the server answers with ReadyForQuery: Query, Sync and FunctionCall. */
const ANSWERED = ['Q', 'S', 'F'];
const TERMINATE = 'X';
const READY_FOR_QUERY = 'Z';
const IDLE = 'I';

const typeOf = (bytes: Buffer) => bytes.toString('latin1', 0, 1);

/** A connection of the server, and who has it now. */
interface ServerConnection {
  socket: Socket;
  client?: Client;
  /** Answers that are still to come. */
  unanswered: number;
  rest: Buffer;
}

interface Client {
  socket: Socket;
  pool: Pool;
  server?: ServerConnection;
  /** What it has said while it had no connection of the server. */
  waiting: Buffer[];
  rest: Buffer;
}

interface Pool {
  idle: ServerConnection[];
  size: number;
  queue: Client[];
}

/**
 * Gives each transaction another connection of the server, as poolers in transaction mode do.
 *
 * @remarks
 * So nothing that belongs to a session survives: a `listen` stays on a connection that others use,
 * and what arrives on one that nobody has is dropped. Who connects is authenticated by the server
 * on a connection of their own, which is shared afterwards. The messages are those of version 3 of
 * the protocol, see https://www.postgresql.org/docs/current/protocol.html.
 */
export class TransactionPooler {
  readonly #server = net.createServer();
  readonly #sockets = new Set<Socket>();
  readonly #pools = new Map<string, Pool>();
  readonly #databasePort: number;

  /** @param databasePort - of Postgres on this machine */
  static async start(databasePort: number): Promise<TransactionPooler> {
    const pooler = new TransactionPooler(databasePort);
    pooler.#server.listen(0, '127.0.0.1');
    await once(pooler.#server, 'listening');
    return pooler;
  }

  private constructor(databasePort: number) {
    this.#databasePort = databasePort;
    this.#server.on('connection', socket => {
      this.#keep(socket);
      socket.once('data', first => this.#greet(socket, first));
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#sockets.forEach(socket => socket.destroy());
    this.#server.close();
    await once(this.#server, 'close');
  }

  #greet(socket: Socket, first: Buffer): void {
    const code = first.readUInt32BE(4);
    if (code === SSL_REQUEST) {
      socket.once('data', next => this.#greet(socket, next));
      socket.write('N');
      return;
    }
    const server = this.#keep(net.connect(this.#databasePort, '127.0.0.1'));
    server.write(first);
    if (code === CANCEL_REQUEST) {
      server.pipe(socket);
      return;
    }
    this.#authenticate(socket, server, keyOf(first));
  }

  /** Hands everything on until the server is ready for the first query. */
  #authenticate(socket: Socket, serverSocket: Socket, key: string): void {
    const server: ServerConnection = {
      socket: serverSocket,
      unanswered: 0,
      rest: Buffer.alloc(0),
    };
    const pool = this.#pools.get(key) ?? { idle: [], size: 0, queue: [] };
    this.#pools.set(key, pool);
    const say = (data: Buffer) => serverSocket.write(data);
    const giveUp = () => serverSocket.destroy();
    socket.on('data', say);
    socket.once('close', giveUp);
    serverSocket.once('close', () => socket.destroy());
    serverSocket.on('data', data => {
      socket.write(data);
      const { messages, rest } = framesOf(Buffer.concat([server.rest, data]));
      server.rest = rest;
      if (messages.some(({ type }) => type === READY_FOR_QUERY)) {
        socket.off('data', say);
        socket.off('close', giveUp);
        serverSocket.removeAllListeners('data');
        serverSocket.removeAllListeners('close');
        this.#share(pool, server);
        this.#serve({ socket, pool, waiting: [], rest: Buffer.alloc(0) });
      }
    });
  }

  /** Lets all clients of the pool use a connection of the server, if they have not enough. */
  #share(pool: Pool, server: ServerConnection): void {
    if (pool.size === SHARED) {
      server.socket.destroy();
      return;
    }
    pool.size += 1;
    server.socket.on('data', data => this.#hear(pool, server, data));
    server.socket.once('close', () => {
      pool.size -= 1;
      pool.idle = pool.idle.filter(other => other !== server);
      server.client?.socket.destroy();
    });
    this.#release(pool, server);
  }

  #serve(client: Client): void {
    client.socket.on('data', data => this.#ask(client, data));
    client.socket.once('close', () => {
      client.pool.queue = client.pool.queue.filter(other => other !== client);
      // In the middle of a transaction, which ends with it.
      client.server?.socket.destroy();
    });
  }

  #ask(client: Client, data: Buffer): void {
    const { messages, rest } = framesOf(Buffer.concat([client.rest, data]));
    client.rest = rest;
    for (const { type, bytes } of messages) {
      if (type === TERMINATE) {
        client.socket.destroy();
        return;
      }
      client.waiting.push(bytes);
    }
    if (client.waiting.length === 0) {
      return;
    }
    const server = client.server ?? client.pool.idle.shift();
    if (!server) {
      if (!client.pool.queue.includes(client)) {
        client.pool.queue.push(client);
      }
      return;
    }
    this.#lend(server, client);
  }

  #lend(server: ServerConnection, client: Client): void {
    server.client = client;
    client.server = server;
    for (const bytes of client.waiting) {
      server.unanswered += Number(ANSWERED.includes(typeOf(bytes)));
      server.socket.write(bytes);
    }
    client.waiting = [];
  }

  #hear(pool: Pool, server: ServerConnection, data: Buffer): void {
    const { messages, rest } = framesOf(Buffer.concat([server.rest, data]));
    server.rest = rest;
    for (const { type, bytes } of messages) {
      server.client?.socket.write(bytes);
      if (type === READY_FOR_QUERY) {
        server.unanswered -= 1;
        const isIdle = bytes.toString('latin1', 5, 6) === IDLE;
        if (isIdle && server.unanswered === 0 && server.client) {
          server.client.server = undefined;
          server.client = undefined;
          this.#release(pool, server);
        }
      }
    }
  }

  #release(pool: Pool, server: ServerConnection): void {
    const next = pool.queue.shift();
    if (next) {
      this.#lend(server, next);
    } else {
      // At the end, so that the next transaction of the same client gets another one.
      pool.idle.push(server);
    }
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  }
}

/** The user and the database that a startup message names. */
function keyOf(startup: Buffer): string {
  const words = startup.toString('utf8', 8).split('\0');
  const valueOf = (name: string) => words[words.indexOf(name) + 1];
  return `${valueOf('user')}@${valueOf('database')}`;
}

/** The whole messages in some bytes, and what is left of the next. */
function framesOf(data: Buffer): {
  messages: { type: string; bytes: Buffer }[];
  rest: Buffer;
} {
  const messages: { type: string; bytes: Buffer }[] = [];
  let at = 0;
  while (data.length - at >= 5) {
    const end = at + 1 + data.readUInt32BE(at + 1);
    if (end > data.length) {
      break;
    }
    const bytes = data.subarray(at, end);
    messages.push({ type: typeOf(bytes), bytes });
    at = end;
  }
  return { messages, rest: data.subarray(at) };
}
