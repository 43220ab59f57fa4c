import { fetchApiRef } from '@backstage/frontend-plugin-api';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  SearchContextProvider,
  searchApiRef,
  useSearch,
} from '@backstage/plugin-search-react';
import type { SearchQuery } from '@backstage/plugin-search-common';
import type {
  PipelineDocument,
  RunDocument,
} from '@millrace/backstage-plugin-pipelines-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeBackend } from '../../dev/fake/FakeBackend';
import { fakeFetch } from '../../dev/fake/fakeFetch';
import { demoPipelines } from '../../dev/fake/pipelines';
import { uuidAt } from '../../dev/fake/ids';
import { rootRouteRef } from '../routes';
import { PipelinesResultItem, PipelinesSearchFilters } from '.';

const RUN_ID = uuidAt(Date.now());

const RUN_DOCUMENT: RunDocument = {
  title: 'Ingest 2024',
  text: 'The source answered 502',
  location: `/pipelines/runs/${RUN_ID}`,
  runId: RUN_ID,
  state: 'failed',
  pipelineId: 'ingest-meetings',
  pipelineTitle: 'Ingest meeting summaries',
  owner: 'group:default/data-platform',
  reason: 'The source answered 502',
  at: new Date(Date.now() - 3 * 60_000).toISOString(),
};

const PIPELINE_DOCUMENT: PipelineDocument = {
  title: 'Transcode a video',
  text: 'Encodes a file',
  location: '/pipelines/definitions/transcode',
  pipelineId: 'transcode',
  description: 'Encodes a file',
  owner: 'group:default/media',
};

const mountedRoutes = { '/flows': rootRouteRef };

describe('a hit in the search of the portal', () => {
  it('says of a failed run its state, reason, pipeline and time, and leads to it', async () => {
    renderInTestApp(<PipelinesResultItem result={RUN_DOCUMENT} />, {
      mountedRoutes,
    });
    expect(
      await screen.findByRole('link', { name: 'Ingest 2024' }),
    ).toHaveAttribute('href', `/flows/runs/${RUN_ID}`);
    expect(screen.getByText('Failed')).toBeVisible();
    expect(screen.getByText('The source answered 502')).toBeVisible();
    expect(screen.getByText('3 min ago')).toBeVisible();
    expect(
      screen.getByRole('link', { name: 'Run of Ingest meeting summaries' }),
    ).toHaveAttribute('href', '/flows/definitions/ingest-meetings');
  });

  it('says of a pipeline what it is, and leads to its page', async () => {
    renderInTestApp(<PipelinesResultItem result={PIPELINE_DOCUMENT} />, {
      mountedRoutes,
    });
    expect(
      await screen.findByRole('link', { name: 'Transcode a video' }),
    ).toHaveAttribute('href', '/flows/definitions/transcode');
    expect(screen.getByText('Pipeline')).toBeVisible();
    expect(screen.getByText('Encodes a file')).toBeVisible();
    expect(screen.getByText('media')).toBeVisible();
  });

  it('is left out where the document is of a form that is not known', () => {
    renderInTestApp(
      <>
        <p>hits</p>
        <PipelinesResultItem
          result={{ title: 'Older', text: '', location: '/older' }}
        />
      </>,
    );
    expect(screen.getByText('hits')).toBeVisible();
    expect(screen.queryByText('Older')).toBeNull();
  });
});

/** Chooses the type of the hits, as the search page does. */
function TypeButtons() {
  const { setTypes } = useSearch();
  return (
    <>
      <button onClick={() => setTypes(['pipeline-run'])}>Runs alone</button>
      <button onClick={() => setTypes([])}>Everything</button>
    </>
  );
}

describe('the filters of the hits', () => {
  it('are there for failed runs, by pipeline and state, and go away with what they filter', async () => {
    const asked: SearchQuery[] = [];
    const backend = new FakeBackend({ pipelines: demoPipelines() });
    renderInTestApp(
      <SearchContextProvider>
        <TypeButtons />
        <PipelinesSearchFilters className="" />
      </SearchContextProvider>,
      {
        apis: [
          [fetchApiRef, fakeFetch(backend)],
          [
            searchApiRef,
            {
              async query(query: SearchQuery) {
                asked.push(query);
                return { results: [] };
              },
            },
          ],
        ],
      },
    );
    await screen.findByText('Everything');
    expect(screen.queryByText('State')).toBeNull();

    await userEvent.click(screen.getByText('Runs alone'));
    const choose = async (field: string, option: string) => {
      await userEvent.click(
        within(await screen.findByLabelText(field)).getByRole('button'),
      );
      await userEvent.click(
        await screen.findByRole('option', { name: option }),
      );
    };
    await choose('State', 'Lost');
    await choose('Pipeline', 'Transcode a video');
    await waitFor(() =>
      expect(asked.at(-1)).toMatchObject({
        types: ['pipeline-run'],
        filters: { state: 'lost', pipelineId: 'transcode' },
      }),
    );

    await userEvent.click(screen.getByText('Everything'));
    await waitFor(() =>
      expect(asked.at(-1)).toMatchObject({ types: [], filters: {} }),
    );
    expect(Object.keys(asked.at(-1)!.filters!)).toEqual([]);
  });
});
