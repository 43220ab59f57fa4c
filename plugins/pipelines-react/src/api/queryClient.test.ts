import { ResponseError } from '@backstage/errors';
import { shouldRetry } from './queryClient';

const refusal = async (status: number) =>
  ResponseError.fromResponse(
    new Response(
      JSON.stringify({
        error: { name: 'Error', message: 'no' },
        response: { statusCode: status },
      }),
      { status, headers: { 'content-type': 'application/json' } },
    ),
  );

it.each([400, 401, 403, 404, 409])(
  'never asks again after %d',
  async status => {
    expect(shouldRetry(0, await refusal(status))).toBe(false);
  },
);

it('asks twice more after a lost connection or a 5xx, then gives up', async () => {
  expect(shouldRetry(0, new TypeError('Failed to fetch'))).toBe(true);
  expect(shouldRetry(1, await refusal(503))).toBe(true);
  expect(shouldRetry(2, await refusal(503))).toBe(false);
});
