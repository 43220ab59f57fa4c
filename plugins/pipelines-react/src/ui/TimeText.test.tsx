import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { formatExactTime } from './format';
import { TimeText } from './TimeText';

const AT = '2026-03-01T12:00:00.000Z';

describe('a time', () => {
  it('tells the exact one while it is under the pointer', async () => {
    renderInTestApp(<TimeText at={AT} />);
    await userEvent.hover(await screen.findByText(/2026|Mar/));
    expect(await screen.findByRole('tooltip')).toHaveTextContent(
      formatExactTime(AT),
    );
    await userEvent.unhover(document.querySelector('time')!);
    expect(screen.queryByRole('tooltip')).toBeNull();
  });
});
