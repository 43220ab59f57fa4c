import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import type { Pipeline } from '@millrace/backstage-plugin-pipelines-common';
import { pipelinesTranslationRef } from '../../translation';
import { RangePicker } from '../../ui/RangePicker';
import type { Scope } from '../useScope';
import styles from './ScopePickers.module.css';

/** In a list of choices: no choice. */
const ALL = 'all';

/** What {@link ScopePickers} offers. */
export interface ScopePickersProps {
  scope: Scope;
  /** Those that can be seen. */
  pipelines: readonly Pipeline[];
}

/** Chooses the period, the owner and the pipeline. */
export function ScopePickers({ scope, pipelines }: ScopePickersProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const owners = [
    ...new Set([
      ...(scope.owner ? [scope.owner] : []),
      ...pipelines.flatMap(({ owner }) => (owner ? [owner] : [])),
    ]),
  ].sort();
  const offered = pipelines.filter(
    ({ owner }) => !scope.owner || owner === scope.owner,
  );
  const titles = new Map(offered.map(({ id, title }) => [id, title]));
  if (scope.pipeline && !titles.has(scope.pipeline)) {
    titles.set(scope.pipeline, scope.pipeline);
  }
  return (
    <div
      className={styles.pickers}
      role="group"
      aria-label={t('overview.scope')}
    >
      <RangePicker
        value={scope.range}
        isOther={!scope.range}
        onChange={from => scope.choose({ from, to: undefined })}
      />
      <Select
        size="small"
        aria-label={t('overview.owner')}
        options={[
          { id: ALL, label: t('overview.allOwners') },
          ...owners.map(id => ({ id, label: nameOf(id) })),
        ]}
        value={scope.owner ?? ALL}
        onChange={key =>
          scope.choose({ owner: chosen(key), pipeline: undefined })
        }
      />
      <Select
        size="small"
        aria-label={t('overview.pipeline')}
        options={[
          { id: ALL, label: t('overview.allPipelines') },
          ...[...titles].map(([id, label]) => ({ id, label })),
        ]}
        value={scope.pipeline ?? ALL}
        onChange={key => scope.choose({ pipeline: chosen(key) })}
      />
    </div>
  );
}

function chosen(key: unknown): string | undefined {
  return key === null || key === ALL ? undefined : String(key);
}

/** `group:default/data-platform` as `data-platform`. */
function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}
