import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { LogLine } from '@millrace/backstage-plugin-pipelines-common';
import { LogRow } from './LogRow';

const draw = (
  line: Partial<LogLine>,
  onSelect = jest.fn(),
  marked: readonly string[] = [],
) => {
  const { container } = renderInTestApp(
    <div data-testid="row">
      <LogRow
        number={41}
        line={{
          number: 41,
          stream: 'stdout',
          text: '',
          at: '2026-10-01T12:00:00.000Z',
          ...line,
        }}
        digits={3}
        timestamps={false}
        selected={false}
        current={false}
        marked={marked}
        href="?line=42"
        onSelect={onSelect}
      />
    </div>,
  );
  return container;
};

it('draws markup as text', async () => {
  const container = draw({
    text: '<img src=x onerror="alert(1)"><script>alert(2)</script>',
  });
  expect(await screen.findByTestId('row')).toHaveTextContent(
    '<img src=x onerror="alert(1)"><script>alert(2)</script>',
  );
  expect(container.querySelector('script, [onerror]')).toBeNull();
});

it('opens addresses in a new tab that knows nothing of this one', async () => {
  draw({ text: 'see https://a.example/' });
  const link = await screen.findByRole('link', { name: 'https://a.example/' });
  expect(link).toHaveAttribute('target', '_blank');
  expect(link).toHaveAttribute('rel', 'noopener noreferrer');
});

it('has no link for an address that could run something', async () => {
  draw({
    text: '\u001b]8;;javascript:alert(1)\u001b\\click\u001b]8;;\u001b\\',
  });
  expect(await screen.findByTestId('row')).toHaveTextContent('click');
  expect(screen.queryByRole('link', { name: 'click' })).toBeNull();
});

it('names what cannot be seen', async () => {
  draw({ text: 'a\u0000b\u202Ec' });
  expect(await screen.findByTitle('U+202E')).toHaveTextContent('U+202E');
  expect(screen.getByTitle('U+0000')).toHaveTextContent('NUL');
});

it('signs standard error', async () => {
  draw({ stream: 'stderr', text: 'oops' });
  expect(await screen.findByTitle('stderr')).toHaveTextContent('err');
});

it('cuts a very long line until all of it is asked for', async () => {
  draw({ text: 'x'.repeat(10_000) });
  const button = await screen.findByRole('button', {
    name: '6.0 KB more, show all',
  });
  await userEvent.click(button);
  expect(screen.getByText('x'.repeat(10_000))).toBeInTheDocument();
});

it('chooses its line when the number is clicked', async () => {
  const onSelect = jest.fn();
  draw({ text: 'x' }, onSelect);
  const number = await screen.findByRole('link', { name: 'Line 42' });
  expect(number).toHaveAttribute('href', '?line=42');
  await userEvent.click(number);
  expect(onSelect).toHaveBeenCalledWith(41, false);
});

it('extends the choice to its line when the number is clicked with shift', async () => {
  const onSelect = jest.fn();
  draw({ text: 'x' }, onSelect);
  const user = userEvent.setup();
  await user.keyboard('{Shift>}');
  await user.click(await screen.findByRole('link', { name: 'Line 42' }));
  expect(onSelect).toHaveBeenCalledWith(41, true);
});

it('marks what was looked for, also within colours', async () => {
  draw({ text: 'a \u001b[31mDisk full\u001b[0m b' }, undefined, ['disk']);
  expect((await screen.findByText('Disk')).tagName).toBe('MARK');
});

it('opens the fields of a JSON line, as text', async () => {
  draw({ text: '{"level":"error","msg":"<b>bad</b>","ctx":{"row":7}}' });
  expect(screen.queryByRole('term')).toBeNull();
  await userEvent.click(await screen.findByRole('button', { name: 'Fields' }));
  expect(screen.getAllByRole('term').map(node => node.textContent)).toEqual([
    'level',
    'msg',
    'ctx',
  ]);
  expect(screen.getByText('<b>bad</b>')).toBeInTheDocument();
  expect(screen.getByText('{"row":7}')).toBeInTheDocument();
});
