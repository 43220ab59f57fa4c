import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { ConfirmAction, type ConfirmActionProps } from './ConfirmAction';

function open(more: Partial<ConfirmActionProps> = {}) {
  const onConfirm = jest.fn(async () => {});
  const onOpenChange = jest.fn();
  renderInTestApp(
    <ConfirmAction
      isOpen
      onOpenChange={onOpenChange}
      title="Cancel runs"
      consequence="They end."
      confirmLabel="Cancel"
      onConfirm={onConfirm}
      {...more}
    />,
  );
  return { onConfirm, onOpenChange };
}

it('wants the number typed for more than 100, with or without separators', async () => {
  const { onConfirm } = open({ count: 1_204 });
  const button = await screen.findByRole('button', { name: 'Cancel' });
  expect(button).toBeDisabled();
  const field = screen.getByRole('textbox', {
    name: /Type 1.?204 to confirm/,
  });
  await userEvent.type(field, '1205');
  expect(button).toBeDisabled();
  await userEvent.clear(field);
  await userEvent.type(field, '1,204');
  await userEvent.click(button);
  expect(onConfirm).toHaveBeenCalledTimes(1);
});

it('asks for no number up to 100', async () => {
  const { onConfirm, onOpenChange } = open({ count: 100 });
  expect(screen.queryByRole('textbox')).toBeNull();
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(onConfirm).toHaveBeenCalledTimes(1);
  expect(onOpenChange).toHaveBeenCalledWith(false);
});

it('is not confirmed before its own fields are ready', async () => {
  open({ isReady: false, children: <p>Which priority?</p> });
  expect(await screen.findByText('Which priority?')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Cancel' })).toBeDisabled();
});

it('lets a failure be tried again, but not one that is final', async () => {
  const answers = ['No database', 'Somebody was faster'];
  open({
    onConfirm: async () => {
      throw new Error(answers.shift());
    },
    finalFailure: error =>
      (error as Error).message.startsWith('Somebody') ? (
        <p>It is over</p>
      ) : undefined,
  });
  const button = await screen.findByRole('button', { name: 'Cancel' });
  await userEvent.click(button);
  expect(await screen.findByText('No database')).toBeVisible();
  await userEvent.click(button);
  expect(await screen.findByText('It is over')).toBeVisible();
  expect(button).toBeDisabled();
});
