import { screen } from '@testing-library/react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { RUN_STATES } from '@millrace/backstage-plugin-pipelines-common';
import { RunStateBadge } from './RunStateBadge';

it('names every state in words beside its icon', async () => {
  renderInTestApp(
    <>
      {RUN_STATES.map(state => (
        <RunStateBadge key={state} state={state} />
      ))}
    </>,
  );
  for (const text of [
    'Queued',
    'Starting',
    'Running',
    'Pausing',
    'Paused',
    'Cancelling',
    'Succeeded',
    'Failed',
    'Timed out',
    'Cancelled',
    'Lost',
    'Unknown',
  ]) {
    expect(await screen.findByText(text)).toBeVisible();
  }
});

it('has the same name where only the icon is drawn', async () => {
  renderInTestApp(<RunStateBadge state="timed_out" iconOnly />);
  expect(
    await screen.findByRole('img', { name: 'Timed out' }),
  ).toBeInTheDocument();
});
