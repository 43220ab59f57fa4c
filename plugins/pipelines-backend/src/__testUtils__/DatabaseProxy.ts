import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';

/** Stands between a client and Postgres and does to their connection what networks do. */
export class DatabaseProxy {
  /** Forwards nothing and closes nothing, as when packets are dropped. */
  frozen = false;
  /** Swallows the next answer of the database and resets its connection. */
  losesNextAnswer = false;
  /** Connections so far. */
  accepted = 0;
  readonly #sockets = new Set<Socket>();

  private constructor(
    /** Connection string through this proxy. */
    readonly url: string,
    private readonly server: net.Server,
  ) {}

  /** @param databaseUrl - connection string of the database itself */
  static async create(databaseUrl: string): Promise<DatabaseProxy> {
    const url = new URL(databaseUrl);
    const target = { host: url.hostname, port: Number(url.port) };
    const server = net.createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url.port = String((server.address() as AddressInfo).port);
    const proxy = new DatabaseProxy(url.href, server);
    server.on('connection', client => proxy.#join(client, target));
    return proxy;
  }

  async close(): Promise<void> {
    this.#sockets.forEach(socket => socket.destroy());
    this.server.close();
    await once(this.server, 'close');
  }

  #join(client: Socket, target: { host: string; port: number }): void {
    this.accepted += 1;
    const database = net.connect(target);
    client.on('data', data => this.frozen || database.write(data));
    database.on('data', data => this.#answer(client, data));
    this.#tie(client, database);
    this.#tie(database, client);
  }

  #answer(client: Socket, data: Buffer): void {
    if (this.losesNextAnswer) {
      this.losesNextAnswer = false;
      client.resetAndDestroy();
    } else if (!this.frozen) {
      client.write(data);
    }
  }

  #tie(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      other.destroy();
    });
  }
}
