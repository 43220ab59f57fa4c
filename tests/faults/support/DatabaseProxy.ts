import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';

const LISTEN = 'listen millrace';

/** Stands between a worker and Postgres and spoils the connections that listen. */
export class DatabaseProxy {
  readonly #server = net.createServer();
  readonly #sockets = new Set<Socket>();
  readonly #listening = new Set<Socket>();
  /** Those that carry nothing any more, though nobody has closed them. */
  readonly #frozen = new WeakSet<Socket>();

  /** @param databasePort - of Postgres on this machine */
  static async start(databasePort: number): Promise<DatabaseProxy> {
    const proxy = new DatabaseProxy(databasePort);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  private constructor(databasePort: number) {
    this.#server.on('connection', client => this.#join(client, databasePort));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that listen and are whole. */
  get listeners(): number {
    return [...this.#listening].filter(client => !this.#frozen.has(client))
      .length;
  }

  /** Ends the connections that listen as a broken network does. */
  resetListeners(): void {
    this.#listening.forEach(client => client.resetAndDestroy());
  }

  /** Drops what the connections that listen send or receive from now on. */
  freezeListeners(): void {
    this.#listening.forEach(client => this.#frozen.add(client));
  }

  async close(): Promise<void> {
    this.#sockets.forEach(socket => socket.destroy());
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, port: number): void {
    const database = net.connect(port, '127.0.0.1');
    client.on('data', data => {
      if (data.includes(LISTEN)) {
        this.#listening.add(client);
      }
      if (!this.#frozen.has(client)) {
        database.write(data);
      }
    });
    database.on('data', data => {
      if (!this.#frozen.has(client)) {
        client.write(data);
      }
    });
    this.#tie(client, database);
    this.#tie(database, client);
  }

  #tie(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#listening.delete(socket);
      other.destroy();
    });
  }
}
