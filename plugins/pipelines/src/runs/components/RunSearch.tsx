import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { SearchField } from '@backstage/ui';
import { MAX_RUN_TEXT_LENGTH } from '@millrace/backstage-plugin-pipelines-common';
import { pipelinesTranslationRef } from '../../translation';
import { useSingleKeys } from '../../ui/useSingleKeys';
import { isSearchable } from '../runsUrl';

/** After the last key, before runs are searched, ms. */
const PAUSE_MS = 400;

/** What {@link RunSearch} shows and does. */
export interface RunSearchProps {
  value: string | undefined;
  className?: string;
  onChange(value: string | undefined): void;
}

/** A field for the text that runs must have; `/` moves into it, Enter searches without a pause. */
export function RunSearch({ value = '', className, onChange }: RunSearchProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const field = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState(value);
  const latest = useRef({ value, onChange });
  latest.current = { value, onChange };
  useEffect(() => setTyped(value), [value]);
  useSingleKeys({ '/': () => field.current?.querySelector('input')?.focus() });

  const search = useCallback((text: string) => {
    const wanted = text.trim();
    if (isSearchable(wanted) && wanted !== latest.current.value) {
      latest.current.onChange(wanted || undefined);
    }
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => search(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, search]);
  return (
    <div ref={field} className={className} title={t('filters.searchHint')}>
      <SearchField
        size="small"
        aria-label={t('filters.search')}
        placeholder={t('filters.search')}
        description={
          isSearchable(typed)
            ? undefined
            : t('filters.tooLong', { max: String(MAX_RUN_TEXT_LENGTH) })
        }
        value={typed}
        onChange={setTyped}
        onSubmit={search}
      />
    </div>
  );
}
