import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { aRun, aStep } from '../testing/runFactory';
import { StepTimeline } from './StepTimeline';

it('names each step with its state and duration, and is used by keyboard', async () => {
  const onSelect = jest.fn();
  renderInTestApp(
    <StepTimeline
      run={aRun('failed', { finishedAt: '2026-10-01T12:00:20.000Z' })}
      steps={[
        aStep('download', 'succeeded', 2, 10),
        aStep('validate', 'failed', 10, 20),
        aStep('load', 'skipped'),
      ]}
      onSelect={onSelect}
    />,
  );
  const first = await screen.findByRole('button', {
    name: 'download: Succeeded, 8.0 s',
  });
  first.focus();
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(
    screen.getByRole('button', { name: 'validate: Failed, 10 s' }),
  ).toHaveFocus();
  expect(onSelect).toHaveBeenCalledWith('validate');
  expect(
    screen.getByRole('button', { name: 'load: Skipped' }),
  ).toBeInTheDocument();
});
