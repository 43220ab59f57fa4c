import { ResponseError } from '@backstage/errors';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import type { SignalApi } from '@backstage/plugin-signals-react';
import { LIVE_COUNTS, LIVE_ROWS } from './liveMeta';
import { LiveController } from './LiveController';

function aPortal() {
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Infinity } },
  });
  let send: (message: { kind: string }) => void = () => {};
  const signals: SignalApi = {
    subscribe: (_channel, onMessage) => {
      send = onMessage as unknown as typeof send;
      return { unsubscribe: () => {} };
    },
  };
  const answer = {
    error: undefined as Error | undefined,
  };
  const reads = { rows: 0, counts: 0 };
  const watch = (name: 'rows' | 'counts', meta: { live: string }) =>
    new QueryObserver(queryClient, {
      queryKey: [name],
      meta,
      queryFn: async () => {
        reads[name] += 1;
        if (answer.error) {
          throw answer.error;
        }
        return [];
      },
    }).subscribe(() => {});
  const controller = new LiveController({ queryClient });
  return {
    controller,
    reads,
    answer,
    begin: () => {
      const stop = controller.start(signals);
      const leave = [watch('rows', LIVE_ROWS), watch('counts', LIVE_COUNTS)];
      return () => {
        leave.forEach(each => each());
        stop();
      };
    },
    signal: (kind = 'runs') => send({ kind }),
    pass: (ms: number) => jest.advanceTimersByTimeAsync(ms),
    kind: () => controller.getState().kind,
  };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('polls every 10 s and says so until the first signal', async () => {
  const portal = aPortal();
  const end = portal.begin();
  await portal.pass(500);
  expect(portal.kind()).toBe('polling');
  expect(portal.reads.rows).toBe(1);
  await portal.pass(10_000);
  expect(portal.reads.rows).toBe(2);
  portal.signal();
  expect(portal.kind()).toBe('live');
  end();
});

it('reads rows at most every 2 s and counts every 5 s, and never misses the last change', async () => {
  const portal = aPortal();
  const end = portal.begin();
  await portal.pass(100);
  for (let index = 0; index < 60; index += 1) {
    portal.signal();
    await portal.pass(100);
  }
  expect(portal.reads.rows).toBeLessThanOrEqual(1 + 4);
  expect(portal.reads.counts).toBeLessThanOrEqual(1 + 3);
  const before = portal.reads.counts;
  await portal.pass(5_000);
  expect(portal.reads.counts).toBe(before + 1);
  end();
});

it('says how far behind it is when requests fail, and recovers', async () => {
  const portal = aPortal();
  const end = portal.begin();
  await portal.pass(100);
  portal.signal();
  portal.answer.error = new TypeError('Failed to fetch');
  await portal.pass(30_000);
  expect(portal.kind()).toBe('reconnecting');
  const behind = Date.now() - (portal.controller.getState().currentAt ?? 0);
  expect(behind).toBeGreaterThan(20_000);

  portal.answer.error = undefined;
  portal.signal('alive');
  await portal.pass(11_000);
  expect(portal.kind()).toBe('live');
  end();
});

it('stays live while the backend says that it is there, and no longer', async () => {
  const portal = aPortal();
  const end = portal.begin();
  for (let index = 0; index < 8; index += 1) {
    portal.signal('alive');
    await portal.pass(10_000);
  }
  expect(portal.kind()).toBe('live');
  await portal.pass(20_000);
  expect(portal.kind()).toBe('polling');
  end();
});

it('reads again when the socket comes up, because it has missed what was said before', async () => {
  const portal = aPortal();
  const end = portal.begin();
  await portal.pass(9_000);
  const before = { ...portal.reads };
  portal.signal('alive');
  await portal.pass(0);
  expect(portal.reads).toEqual({
    rows: before.rows + 1,
    counts: before.counts + 1,
  });
  end();
});

it('reads nothing again for a mere sign of life', async () => {
  const portal = aPortal();
  const end = portal.begin();
  await portal.pass(100);
  portal.signal();
  await portal.pass(5_000);
  const before = { ...portal.reads };
  portal.signal('alive');
  await portal.pass(5_000);
  expect(portal.reads).toEqual(before);
  end();
});

it('reads nothing while paused and everything when resumed', async () => {
  const portal = aPortal();
  const end = portal.begin();
  await portal.pass(100);
  portal.controller.pause();
  expect(portal.kind()).toBe('paused');
  portal.signal();
  await portal.pass(60_000);
  expect(portal.reads.rows).toBe(1);
  portal.controller.resume();
  await portal.pass(100);
  expect(portal.reads.rows).toBe(2);
  expect(portal.kind()).toBe('polling');
  end();
});

it('reads nothing in a hidden tab and catches up when it is seen again', async () => {
  const portal = aPortal();
  const end = portal.begin();
  await portal.pass(100);
  const visibility = jest
    .spyOn(document, 'visibilityState', 'get')
    .mockReturnValue('hidden');
  portal.signal();
  await portal.pass(60_000);
  expect(portal.reads.rows).toBe(1);
  visibility.mockReturnValue('visible');
  document.dispatchEvent(new Event('visibilitychange'));
  await portal.pass(100);
  expect(portal.reads.rows).toBe(2);
  visibility.mockRestore();
  end();
});

it('does not ask again by itself for what was refused, but when a person asks', async () => {
  const portal = aPortal();
  portal.answer.error = await refusalOf(404);
  const end = portal.begin();
  await portal.pass(500);
  portal.signal();
  await portal.pass(60_000);
  expect(portal.reads).toEqual({ rows: 1, counts: 1 });
  portal.controller.refresh();
  await portal.pass(500);
  expect(portal.reads).toEqual({ rows: 2, counts: 2 });
  end();
});

it('goes on asking where only the sign-in was refused', async () => {
  const portal = aPortal();
  portal.answer.error = await refusalOf(401);
  const end = portal.begin();
  await portal.pass(60_000);
  expect(portal.reads.rows).toBeGreaterThan(2);
  end();
});

async function refusalOf(status: number): Promise<Error> {
  return ResponseError.fromResponse({
    ok: false,
    status,
    statusText: 'Refused',
    headers: new Headers({ 'content-type': 'application/json' }),
    text: async () => JSON.stringify({ error: { name: 'E', message: 'no' } }),
  } as unknown as Response);
}
