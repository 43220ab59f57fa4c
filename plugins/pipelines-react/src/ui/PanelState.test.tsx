import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { ResponseError } from '@backstage/errors';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { PanelNotice } from './PanelNotice';
import { PanelState, type PanelQuery } from './PanelState';

function aQuery(
  more: Partial<PanelQuery<string[]>> = {},
): PanelQuery<string[]> {
  return {
    data: undefined,
    error: null,
    isFetching: false,
    dataUpdatedAt: Date.now(),
    refetch: jest.fn(),
    ...more,
  };
}

async function refusal(status: number, message: string) {
  return ResponseError.fromResponse(
    new Response(
      JSON.stringify({
        error: { name: 'Error', message },
        response: { statusCode: status },
      }),
      { status, headers: { 'content-type': 'application/json' } },
    ),
  );
}

const draw = (query: PanelQuery<string[]>) =>
  renderInTestApp(
    <PanelState
      query={query}
      permission="pipelines.run.read"
      empty={rows =>
        rows.length === 0 ? (
          <PanelNotice kind="good" title="No failures in 7 days." />
        ) : undefined
      }
    >
      {rows => <p>{rows.join()}</p>}
    </PanelState>,
  );

it('says that it is loading, and after a while that it still is', async () => {
  draw(aQuery({ isFetching: true }));
  expect(await screen.findByRole('status', { name: 'Loading' })).toBeVisible();
  expect(
    await screen.findByText('Still loading …', {}, { timeout: 8_000 }),
  ).toBeVisible();
}, 15_000);

it('draws the content, or what the emptiness means', async () => {
  draw(aQuery({ data: ['a', 'b'] }));
  expect(await screen.findByText('a,b')).toBeVisible();
});

it('says that nothing is good news where it is', async () => {
  draw(aQuery({ data: [] }));
  expect(await screen.findByText('No failures in 7 days.')).toBeVisible();
});

it('names the permission that is missing', async () => {
  draw(aQuery({ error: await refusal(403, 'no') }));
  expect(await screen.findByText('Needs pipelines.run.read.')).toBeVisible();
  expect(screen.queryByText('Try again')).not.toBeInTheDocument();
});

it('does not tell what is missing from what may not be seen', async () => {
  draw(aQuery({ error: await refusal(404, 'no run') }));
  expect(
    await screen.findByText('Nothing with this id, or you may not see it.'),
  ).toBeVisible();
});

it('shows what the server said and tries again', async () => {
  const query = aQuery({ error: await refusal(500, 'The disk is full') });
  draw(query);
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'The disk is full',
  );
  await userEvent.click(screen.getByText('Try again'));
  expect(query.refetch).toHaveBeenCalledTimes(1);
});

it('keeps old rows and says how old they are when a reload fails', async () => {
  draw(
    aQuery({
      data: ['old'],
      dataUpdatedAt: Date.now() - 9 * 60_000,
      error: await refusal(503, 'The source archive does not answer'),
    }),
  );
  expect(await screen.findByText('old')).toBeVisible();
  expect(screen.getByText('These numbers are 9 min old')).toBeVisible();
  expect(screen.getByText('The source archive does not answer')).toBeVisible();
});

it('calls a failure without an answer a lost connection', async () => {
  draw(aQuery({ data: ['old'], error: new TypeError('Failed to fetch') }));
  expect(await screen.findByText('Not connected')).toBeVisible();
});
