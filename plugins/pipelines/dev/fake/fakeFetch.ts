import {
  isTerminalRunState,
  type PipelinesFetch,
} from '@millrace/backstage-plugin-pipelines-common';
import { detailOf } from './fakeActions';
import { FakeBackend, FakeFailure, FakeRequest } from './FakeBackend';
import { logOf, stepsOf } from './runParts';

const STREAM_TICK_MS = 1_000;

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });
}

function parse(input: RequestInfo | URL, init: RequestInit = {}): FakeRequest {
  const text = input instanceof Request ? input.url : String(input);
  const rest = text.replace(/^.*?(plugin:\/\/pipelines|\/api\/pipelines)/, '');
  const [path, search = ''] = rest.split('?');
  return {
    method: init.method ?? 'GET',
    path,
    query: new URLSearchParams(search),
    body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    headers: new Headers(init.headers),
  };
}

/** A `fetch` that the fake backend answers, after `delayMs`. */
export function fakeFetch(
  backend: FakeBackend,
  options: { delayMs?: number } = {},
): PipelinesFetch & { fetch: typeof fetch } {
  return {
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = parse(input, init);
      await wait(options.delayMs ?? 0, init?.signal ?? undefined);
      try {
        const stream = /^\/runs\/([^/]+)\/stream$/.exec(request.path);
        if (stream) {
          backend.requests.push(request);
          return streamOf(backend, stream[1], init?.signal ?? undefined);
        }
        if (/\/content$|\/logs\/raw$/.test(request.path)) {
          return new Response('338 meetings read, 338 loaded\n12 warnings\n');
        }
        return json(
          backend.handle(request),
          request.method === 'POST' ? 201 : 200,
        );
      } catch (error) {
        if (error instanceof FakeFailure) {
          const { name, message, status } = error;
          const body = {
            error: { name, message },
            response: { statusCode: status },
          };
          return json(body, status);
        }
        throw error;
      }
    },
  };
}

function wait(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () =>
      reject(new DOMException('The request was cancelled', 'AbortError')),
    );
    if (delayMs === 0) {
      resolve();
    } else if (Number.isFinite(delayMs)) {
      setTimeout(resolve, delayMs);
    }
  });
}

/** The stream of one run: what it is now, then every change, until it ends. */
function streamOf(
  backend: FakeBackend,
  runId: string,
  signal?: AbortSignal,
): Response {
  backend.run(runId);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let sentLines = 0;
      const send = (name: string, data: unknown) =>
        controller.enqueue(
          encoder.encode(
            `event: ${name}\nid: 1.${sentLines}.1\ndata: ${JSON.stringify(
              data,
            )}\n\n`,
          ),
        );
      const subscriptions: (() => void)[] = [];
      const stop = () => subscriptions.forEach(unsubscribe => unsubscribe());
      const tick = () => {
        const run = backend.run(runId);
        const all = logOf(run);
        const isOver = isTerminalRunState(run.state);
        const until = isOver
          ? all.length
          : Math.min(all.length, sentLines + 40);
        if (until > sentLines) {
          const lines = all.slice(sentLines, until);
          sentLines = until;
          send('log', {
            attempt: run.attempt,
            lines,
            totalLines: until,
            totalBytes: until * 60,
          });
        }
        send('state', detailOf(run));
        send('step', { items: stepsOf(run) });
        if (isOver) {
          send('end', { state: run.state });
          stop();
          controller.close();
        }
      };
      const timer = setInterval(tick, STREAM_TICK_MS);
      subscriptions.push(backend.onChange(tick), () => clearInterval(timer));
      signal?.addEventListener('abort', stop);
      tick();
    },
  });
  return new Response(body, {
    headers: { 'Content-Type': 'text/event-stream' },
  });
}
