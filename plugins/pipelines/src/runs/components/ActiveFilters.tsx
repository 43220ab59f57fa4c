import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Tag, TagGroup } from '@backstage/ui';
import { pipelinesTranslationRef } from '../../translation';
import { useFilterTexts } from '../../ui/useFilterTexts';
import { NO_FILTER, type RunsUrl } from '../runsUrl';

const LABEL_PREFIX = 'label.';

/** What {@link ActiveFilters} shows and changes. */
export interface ActiveFiltersProps {
  url: RunsUrl;
  onChange(changes: Partial<RunsUrl>): void;
}

/** Every condition that is set, to be removed; nothing when there is none. */
export function ActiveFilters({ url, onChange }: ActiveFiltersProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const texts = useFilterTexts(url);
  if (texts.length === 0) {
    return null;
  }
  return (
    <TagGroup
      aria-label={t('filters.active')}
      onRemove={ids => {
        // It is one at a time, because tags cannot be selected.
        for (const id of ids) {
          onChange(withoutFilter(url, String(id)));
        }
      }}
    >
      {texts.map(({ id, text }) => (
        <Tag key={id} id={id} textValue={text}>
          {text}
        </Tag>
      ))}
    </TagGroup>
  );
}

function withoutFilter(url: RunsUrl, id: string): Partial<RunsUrl> {
  if (id.startsWith(LABEL_PREFIX)) {
    const { [id.slice(LABEL_PREFIX.length)]: _, ...label } = url.label;
    return { label };
  }
  return Object.fromEntries(
    Object.entries(NO_FILTER).filter(([name]) => name === id),
  );
}
