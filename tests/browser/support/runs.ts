import type { Page } from 'playwright-core';
import { type PortalApi, type TestPortal, until } from '../../harness/index.ts';

const RUN_TIMEOUT_MS = 60_000;

/** What the tests read of a run. */
export interface ShownRun {
  id: string;
  state: string;
  title: string;
  summary?: string;
}

/** Submits a run by the API and gives its id. */
export async function submit(
  api: PortalApi,
  pipelineId: string,
  parameters: Record<string, unknown> = {},
): Promise<string> {
  const { id } = await api.post<{ id: string }>('/api/pipelines/runs', {
    pipelineId,
    parameters,
  });
  return id;
}

/** Waits until a run is in this state, and gives it. */
export async function untilState(
  api: PortalApi,
  runId: string,
  state: string,
): Promise<ShownRun> {
  return await until(
    async () => {
      const run = await api.json<ShownRun>(`/api/pipelines/runs/${runId}`);
      return run.state === state && run;
    },
    { what: `run ${runId} to be ${state}`, timeoutMs: RUN_TIMEOUT_MS },
  );
}

/** The path of a run's page. */
export function pathOf(runId: string, tab?: string): string {
  return `/pipelines/runs/${runId}${tab ? `?tab=${tab}` : ''}`;
}

/** Submits a run, waits for its end in this state, and gives its id. */
export async function finishedRun(
  portal: TestPortal,
  pipelineId: string,
  options: { state?: string; parameters?: Record<string, unknown> } = {},
): Promise<string> {
  const api = await portal.apiAs();
  const id = await submit(api, pipelineId, options.parameters);
  await untilState(api, id, options.state ?? 'succeeded');
  return id;
}

/** Opens one part of the run page, such as `Log`. */
export async function openTab(page: Page, name: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Content navigation' })
    .getByRole('link', { name, exact: true })
    .click();
}
