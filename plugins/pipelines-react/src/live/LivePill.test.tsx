import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { QueryClient } from '@tanstack/react-query';
import { PipelinesQueryProvider } from '../api/PipelinesQueryProvider';
import { LivePill } from './LivePill';
import type { LiveHandle, LiveState } from './liveState';

function aHandle(state: LiveState): LiveHandle {
  return { state, pause: jest.fn(), resume: jest.fn(), refresh: jest.fn() };
}

const draw = (live: LiveHandle) =>
  renderInTestApp(
    <PipelinesQueryProvider client={new QueryClient()}>
      <LivePill live={live} />
    </PipelinesQueryProvider>,
  );

it.each([
  [{ kind: 'live', pollSeconds: 10, currentAt: Date.now() }, 'Live'],
  [{ kind: 'polling', pollSeconds: 10 }, 'Polling 10 s'],
  [{ kind: 'reconnecting', pollSeconds: 10 }, 'Connecting'],
  [{ kind: 'paused', pollSeconds: 10 }, 'Paused'],
] as Array<[LiveState, string]>)('says what it is: %j', async (state, text) => {
  draw(aHandle(state));
  expect(await screen.findByRole('button')).toHaveTextContent(text);
});

it('counts up for the eye, but tells a screen reader only changes of kind', async () => {
  draw(
    aHandle({
      kind: 'reconnecting',
      pollSeconds: 10,
      currentAt: Date.now() - 12_000,
    }),
  );
  const pill = await screen.findByRole('button');
  const announced = () =>
    document.querySelector('[aria-live="polite"]')?.textContent;
  const before = announced();
  expect(pill).toHaveTextContent('Reconnecting, 12 s behind');
  await act(async () => {
    await new Promise(resolve => setTimeout(resolve, 1_200));
  });
  expect(pill).toHaveTextContent('Reconnecting, 13 s behind');
  expect(announced()).toBe(before);
});

it('pauses by a click, and resumes by the next', async () => {
  const live = aHandle({ kind: 'live', pollSeconds: 10, currentAt: 0 });
  draw(live);
  await userEvent.click(await screen.findByRole('button'));
  expect(live.pause).toHaveBeenCalledTimes(1);
});

it('resumes when it is paused', async () => {
  const paused = aHandle({ kind: 'paused', pollSeconds: 10 });
  draw(paused);
  await userEvent.click(await screen.findByRole('button'));
  expect(paused.resume).toHaveBeenCalledTimes(1);
});
