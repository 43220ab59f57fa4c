import { waitFor } from '@testing-library/react';
import type { RunStreamEvent } from '@millrace/backstage-plugin-pipelines-common';
import { aRun } from '../testing/runFactory';
import { parseEvent, RunStream } from './RunStream';

/** A server whose streams send these texts and then break, or end. */
function aServer(answers: Array<string | number>) {
  const urls: string[] = [];
  const fetch = async (url: string) => {
    urls.push(url);
    const answer = answers.shift() ?? 503;
    if (typeof answer === 'number') {
      return { ok: false, status: answer, headers: new Headers() } as Response;
    }
    const bytes = new TextEncoder().encode(answer);
    let sent = false;
    return {
      ok: true,
      status: 200,
      headers: new Headers({ 'content-type': 'text/event-stream' }),
      body: {
        getReader: () => ({
          read: async () => {
            const value = sent ? undefined : bytes;
            sent = true;
            return { done: value === undefined, value };
          },
        }),
      },
    } as unknown as Response;
  };
  return { urls, fetchApi: { fetch } };
}

const eventText = (name: string, data: unknown, id?: string) =>
  `${id ? `id: ${id}\n` : ''}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

const LINE = {
  number: 0,
  stream: 'stdout',
  text: 'hello',
  at: '2026-10-01T12:00:00.000Z',
};
const LOG = { attempt: 1, lines: [LINE], totalLines: 1, totalBytes: 6 };

function open(answers: Array<string | number>) {
  const server = aServer(answers);
  const events: RunStreamEvent[] = [];
  const kinds: string[] = [];
  const stream = new RunStream({
    runId: 'a/b',
    fetchApi: server.fetchApi,
    onEvent: event => events.push(event),
    onPoll: () => {},
  });
  stream.subscribe(() => kinds.push(stream.getState().kind));
  return { ...server, events, kinds, stream, close: stream.start() };
}

it('hands on events and stops at the end of the run', async () => {
  const { events, kinds, urls } = open([
    eventText('log', LOG, '1.6.1') +
      eventText('state', aRun('succeeded'), '1.6.2') +
      eventText('end', { state: 'succeeded' }),
  ]);
  await waitFor(() => expect(events).toHaveLength(3));
  expect(events.map(event => event.name)).toEqual(['log', 'state', 'end']);
  expect(events[0].id).toBe('1.6.1');
  expect(kinds[0]).toBe('live');
  expect(urls).toEqual(['plugin://pipelines/runs/a%2Fb/stream?tail=1000']);
});

it('carries on after the last event seen when the connection breaks', async () => {
  const { urls, kinds, events } = open([
    eventText('log', LOG, '1.6.1'),
    eventText('end', { state: 'failed' }),
  ]);
  await waitFor(() => expect(events).toHaveLength(2), { timeout: 5_000 });
  expect(urls[1]).toBe('plugin://pipelines/runs/a%2Fb/stream?cursor=1.6.1');
  expect(kinds).toEqual(['live', 'reconnecting', 'live']);
}, 10_000);

it('gives up asking when it is refused, and says that it polls', async () => {
  const { urls, stream, close } = open([403]);
  await waitFor(() => expect(stream.getState().kind).toBe('polling'));
  expect(urls).toHaveLength(1);
  close();
});

it('says that it is paused while it is', async () => {
  const { stream, kinds, close } = open([eventText('log', LOG, '1.6.1')]);
  await waitFor(() => expect(kinds).toContain('live'));
  stream.pause();
  expect(stream.getState().kind).toBe('paused');
  close();
});

it('ignores events of names and shapes that it does not know', () => {
  const parse = (event: string, data: string) =>
    parseEvent({ event, data, id: '' });
  expect(parse('log', JSON.stringify(LOG))?.name).toBe('log');
  expect(parse('log', '{"lines": 1}')).toBeUndefined();
  expect(parse('log', 'not json')).toBeUndefined();
  expect(parse('constructor', '{}')).toBeUndefined();
  expect(parse('', '')).toBeUndefined();
});
