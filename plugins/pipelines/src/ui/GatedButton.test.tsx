import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { useState } from 'react';
import { GatedButton } from './GatedButton';
import type { PipelineAccess } from './usePipelineAccess';

let answer: (access: PipelineAccess) => void;
const onPress = jest.fn();

function Asking() {
  const [access, setAccess] = useState<PipelineAccess>({ isAllowed: false });
  answer = setAccess;
  return (
    <GatedButton access={access} hint="Cancel (Shift+C)" onPress={onPress}>
      Cancel
    </GatedButton>
  );
}

describe('GatedButton', () => {
  it('tells whoever comes before the answer what is missing once it is there', async () => {
    renderInTestApp(<Asking />);
    const button = await screen.findByRole('button', { name: 'Cancel' });
    await userEvent.tab();
    act(() => button.focus());
    expect(await screen.findByRole('tooltip')).toHaveTextContent(
      'Asking whether you may do this',
    );
    act(() => answer({ isAllowed: false, refusal: 'Needs a permission' }));
    expect(screen.getByRole('tooltip')).toHaveTextContent('Needs a permission');
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(button).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    expect(onPress).not.toHaveBeenCalled();
  });

  it('says its key where it is allowed', async () => {
    renderInTestApp(<Asking />);
    const button = await screen.findByRole('button', { name: 'Cancel' });
    act(() => answer({ isAllowed: true }));
    await userEvent.tab();
    act(() => button.focus());
    expect(await screen.findByRole('tooltip')).toHaveTextContent(
      'Cancel (Shift+C)',
    );
    await userEvent.keyboard('{Enter}');
    expect(onPress).toHaveBeenCalledTimes(1);
  });
});
