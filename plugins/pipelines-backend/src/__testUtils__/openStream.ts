import {
  RUN_STREAM_EVENTS,
  type RunStreamEvent,
  type RunStreamEventName,
} from '@millrace/backstage-plugin-pipelines-common';
import { mockCredentials } from '@backstage/backend-test-utils';

/** A viewer of a stream, as a browser would be. */
export interface OpenStream {
  status: number;
  headers: Headers;
  /** Ends when the server ends the stream; throws when the connection is cut. */
  events: AsyncGenerator<RunStreamEvent>;
  /** Everything that is no event: the retry time and comments. */
  asides: string[];
  close(): void;
}

/** Opens a stream; every event is checked against its schema. */
export async function openStream(
  url: string,
  options: { lastEventId?: string } = {},
): Promise<OpenStream> {
  const controller = new AbortController();
  const response = await fetch(url, {
    signal: controller.signal,
    headers: {
      Authorization: mockCredentials.user.header(),
      ...(options.lastEventId && { 'Last-Event-ID': options.lastEventId }),
    },
  });
  const asides: string[] = [];
  return {
    status: response.status,
    headers: response.headers,
    events: readEvents(response, asides),
    asides,
    close: () => controller.abort(),
  };
}

/** The events until the named one, that one included. */
export async function eventsUntil(
  stream: OpenStream,
  isLast: (event: RunStreamEvent) => boolean,
): Promise<RunStreamEvent[]> {
  const events: RunStreamEvent[] = [];
  for (;;) {
    const { value, done } = await stream.events.next();
    if (done) {
      return events;
    }
    events.push(value);
    if (isLast(value)) {
      return events;
    }
  }
}

async function* readEvents(
  response: Response,
  asides: string[],
): AsyncGenerator<RunStreamEvent> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    const blocks = (rest + decoder.decode(part, { stream: true })).split(
      '\n\n',
    );
    rest = blocks.pop()!;
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event) {
        yield event;
      } else {
        asides.push(block);
      }
    }
  }
}

function parseBlock(block: string): RunStreamEvent | undefined {
  const fields = new Map(
    block.split('\n').map(line => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const name = fields.get('event') as RunStreamEventName | undefined;
  if (!name) {
    return undefined;
  }
  const data = RUN_STREAM_EVENTS[name]
    .strict()
    .parse(JSON.parse(fields.get('data')!));
  return { name, id: fields.get('id'), data } as RunStreamEvent;
}
