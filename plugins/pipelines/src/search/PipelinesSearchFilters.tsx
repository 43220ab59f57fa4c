import { useCallback, useEffect } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { SearchFilter, useSearch } from '@backstage/plugin-search-react';
import {
  MAX_PAGE_SIZE,
  PIPELINE_DOCUMENT_TYPE,
  RUN_DOCUMENT_TYPE,
  UNSUCCESSFUL_RUN_STATES,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  pipelinesReactTranslationRef,
  usePipelinesApi,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';

/** Fields of the documents that are filtered by. */
const PIPELINE_FIELD = 'pipelineId';
const STATE_FIELD = 'state';

/**
 * Filters by pipeline and state beside the hits, while failed runs or pipelines are the chosen
 * type: other documents have neither, so the filters would hide all of them.
 */
export function PipelinesSearchFilters({ className }: { className: string }) {
  const { types } = useSearch();
  const hasRuns = types.includes(RUN_DOCUMENT_TYPE);
  if (!hasRuns && !types.includes(PIPELINE_DOCUMENT_TYPE)) {
    return <></>;
  }
  return (
    <>
      <PipelineFilter className={className} />
      {hasRuns && <StateFilter className={className} />}
    </>
  );
}

function PipelineFilter({ className }: { className: string }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const api = usePipelinesApi();
  useFilterWhileShown(PIPELINE_FIELD);
  const values = useCallback(async () => {
    const { items } = await api.listPipelines({ limit: MAX_PAGE_SIZE });
    return items.map(({ id, title }) => ({ value: id, label: title }));
  }, [api]);
  return (
    <SearchFilter.Select
      className={className}
      label={t('search.pipeline')}
      name={PIPELINE_FIELD}
      values={values}
    />
  );
}

function StateFilter({ className }: { className: string }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { t: tState } = useTranslationRef(pipelinesReactTranslationRef);
  useFilterWhileShown(STATE_FIELD);
  return (
    <SearchFilter.Select
      className={className}
      label={t('search.state')}
      name={STATE_FIELD}
      values={UNSUCCESSFUL_RUN_STATES.map(state => ({
        value: state,
        label: tState(`ui.state.${state}`),
      }))}
    />
  );
}

/** Takes a filter away together with its field, so that nobody searches with one they cannot see. */
function useFilterWhileShown(name: string): void {
  const { setFilters } = useSearch();
  useEffect(
    () => () => setFilters(({ [name]: removed, ...others }) => others),
    [name, setFilters],
  );
}
