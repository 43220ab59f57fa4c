import { once } from 'node:events';
import http from 'node:http';

/** A line that a viewer was sent, and when (epoch ms). */
export interface SeenLine {
  text: string;
  at: number;
}

/** Whose stream is followed, and by whom. */
export interface StreamViewerOptions {
  /** Of the portal. */
  url: string;
  runId: string;
  token: string;
}

interface StreamEvent {
  id?: string;
  name: string;
  data: string;
}

/**
 * Somebody who follows the stream of a run over a connection of their own, and comes back with
 * the id of the last event.
 */
export class StreamViewer {
  readonly lines: SeenLine[] = [];
  /** Events besides `log`, by name, each as often as it came. */
  readonly others: string[] = [];
  /** Of the last answer. */
  status?: number;
  readonly #options: StreamViewerOptions;
  #response?: http.IncomingMessage;
  #request?: http.ClientRequest;
  #lastEventId?: string;

  constructor(options: StreamViewerOptions) {
    this.#options = options;
  }

  /** Whether the run was over and all of it was sent. */
  get hasEnded(): boolean {
    return this.others.includes('end');
  }

  /** Connects, and follows until the connection is over; resolves when it is. */
  async follow(): Promise<void> {
    const response = await this.connect();
    let open = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      open += chunk;
      const frames = open.split('\n\n');
      open = frames.pop()!;
      frames.forEach(frame => this.#take(frame));
    });
    await new Promise(resolve => response.once('close', resolve));
  }

  /** Connects, and reads nothing. */
  async connect(): Promise<http.IncomingMessage> {
    const { url, runId, token } = this.#options;
    this.#request = http.get(`${url}/api/pipelines/runs/${runId}/stream`, {
      agent: false,
      headers: {
        authorization: `Bearer ${token}`,
        ...(this.#lastEventId && { 'last-event-id': this.#lastEventId }),
      },
    });
    this.#request.on('error', () => {}); // One that is cut off is told by `close`.
    const [response] = (await once(this.#request, 'response')) as [
      http.IncomingMessage,
    ];
    response.on('error', () => {});
    this.status = response.statusCode;
    this.#response = response;
    return response;
  }

  /** Cuts the connection, as a network does. */
  cut(): void {
    this.#response?.destroy();
    this.#request?.destroy();
  }

  #take(frame: string): void {
    const event = parseFrame(frame);
    if (!event) {
      return;
    }
    this.#lastEventId = event.id ?? this.#lastEventId;
    if (event.name !== 'log') {
      this.others.push(event.name);
      return;
    }
    const at = Date.now();
    const { lines } = JSON.parse(event.data) as { lines: { text: string }[] };
    this.lines.push(...lines.map(({ text }) => ({ text, at })));
  }
}

function parseFrame(frame: string): StreamEvent | undefined {
  const fieldOf = (name: string) =>
    frame
      .split('\n')
      .find(line => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  const name = fieldOf('event');
  return name
    ? { id: fieldOf('id'), name, data: fieldOf('data') ?? '' }
    : undefined;
}
