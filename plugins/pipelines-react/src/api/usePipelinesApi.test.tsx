import { screen } from '@testing-library/react';
import { fetchApiRef } from '@backstage/frontend-plugin-api';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { useQuery } from '@tanstack/react-query';
import { pipelinesApiRef, type PipelinesApi } from './pipelinesApiRef';
import { PipelinesQueryProvider } from './PipelinesQueryProvider';
import { createPipelinesQueryClient } from './queryClient';
import { usePipelinesApi } from './usePipelinesApi';

function Health() {
  const api = usePipelinesApi();
  const { data } = useQuery({
    queryKey: ['health'],
    queryFn: () => api.getHealth(),
  });
  return <p>{data?.state ?? '…'}</p>;
}

const page = () => (
  <PipelinesQueryProvider client={createPipelinesQueryClient()}>
    <Health />
  </PipelinesQueryProvider>
);

const HEALTH = {
  state: 'degraded' as const,
  checks: [],
  at: '2026-10-01T12:00:00.000Z',
};

it('uses the client that a plugin provides', async () => {
  const provided = { getHealth: async () => HEALTH } as unknown as PipelinesApi;
  renderInTestApp(page(), { apis: [[pipelinesApiRef, provided]] });
  expect(await screen.findByText('degraded')).toBeVisible();
});

it('makes its own client where nobody provides one', async () => {
  const urls: string[] = [];
  const fetch = async (input: unknown) => {
    urls.push(String(input));
    return { ok: true, json: async () => HEALTH } as unknown as Response;
  };
  renderInTestApp(page(), { apis: [[fetchApiRef, { fetch }]] });
  expect(await screen.findByText('degraded')).toBeVisible();
  expect(urls).toEqual(['plugin://pipelines/health']);
});
