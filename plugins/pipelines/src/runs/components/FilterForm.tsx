import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  RUN_STATES,
  RUN_TRIGGERS,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatDuration,
  pipelinesReactTranslationRef,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { readDuration } from '../durationText';
import { isLabel, isReference, type RunsUrl } from '../runsUrl';
import { ChoiceFilter } from './ChoiceFilter';
import styles from './FilterForm.module.css';
import { TypedFilter } from './TypedFilter';
import { usePipelineOptions } from './usePipelineOptions';

/** What {@link FilterForm} shows and changes. */
export interface FilterFormProps {
  url: RunsUrl;
  /** Only pipelines of these entities can be chosen. */
  entity?: readonly string[];
  onChange(changes: Partial<RunsUrl>): void;
}

/** The filters of the runs list that have no place of their own in its bar. */
export function FilterForm({ url, entity, onChange }: FilterFormProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { t: shared } = useTranslationRef(pipelinesReactTranslationRef);
  const pipelines = usePipelineOptions(
    [...url.pipeline, ...url['pipeline.not']],
    entity,
  );
  // The page of an entity says already whose runs it shows.
  const references = entity
    ? (['submittedBy'] as const)
    : (['submittedBy', 'owner', 'entity'] as const);
  return (
    <div className={styles.form}>
      <ChoiceFilter
        label={t('filters.state')}
        options={RUN_STATES.map(id => ({
          id,
          label: shared(`ui.state.${id}`),
        }))}
        is={url.state}
        isNot={url['state.not']}
        onChange={({ is, isNot }) =>
          onChange({ state: is, 'state.not': isNot })
        }
      />
      <ChoiceFilter
        label={t('filters.pipeline')}
        options={pipelines}
        is={url.pipeline}
        isNot={url['pipeline.not']}
        onChange={({ is, isNot }) =>
          onChange({ pipeline: is, 'pipeline.not': isNot })
        }
      />
      <ChoiceFilter
        label={t('filters.trigger')}
        options={RUN_TRIGGERS.map(id => ({
          id,
          label: t(`trigger.${id}` as const),
        }))}
        is={url.trigger}
        isNot={url['trigger.not']}
        onChange={({ is, isNot }) =>
          onChange({ trigger: is, 'trigger.not': isNot })
        }
      />
      {references.map(name => (
        <TypedFilter
          key={name}
          label={t(`filters.${name}`)}
          hint={t(`filters.${name}Hint`)}
          onEnter={text => {
            if (!isReference(text)) {
              return t('filters.referenceWrong');
            }
            onChange({ [name]: [...new Set([...url[name], text])] });
            return undefined;
          }}
        />
      ))}
      <TypedFilter
        label={t('filters.label')}
        hint={t('filters.labelHint')}
        onEnter={text => {
          const [, name, value] = /^([^=\s]+)\s*=\s*(.*)$/.exec(text) ?? [];
          if (name === undefined || !isLabel(name, value)) {
            return t('filters.labelWrong');
          }
          onChange({ label: { ...url.label, [name]: value } });
          return undefined;
        }}
      />
      <div className={styles.durations}>
        <DurationFilter name="minDuration" url={url} onChange={onChange} />
        <DurationFilter name="maxDuration" url={url} onChange={onChange} />
      </div>
    </div>
  );
}

function DurationFilter(props: {
  name: 'minDuration' | 'maxDuration';
  url: RunsUrl;
  onChange(changes: Partial<RunsUrl>): void;
}) {
  const { name, url, onChange } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const seconds = url[name];
  return (
    <TypedFilter
      label={t(`filters.${name}` as const)}
      hint={t('filters.durationHint')}
      initial={
        seconds === undefined
          ? ''
          : formatDuration(seconds * 1_000, { whole: true })
      }
      onEnter={text => {
        const typed = text === '' ? undefined : readDuration(text);
        if (text !== '' && typed === undefined) {
          return t('filters.durationWrong');
        }
        const durations: Pick<RunsUrl, 'minDuration' | 'maxDuration'> = {
          ...url,
          [name]: typed,
        };
        const { minDuration = 0, maxDuration = Infinity } = durations;
        if (minDuration > maxDuration) {
          return t('filters.durationOrder');
        }
        onChange({ [name]: typed });
        return undefined;
      }}
    />
  );
}
