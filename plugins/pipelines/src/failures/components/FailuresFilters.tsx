import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  SearchField,
  Select,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import {
  FAILURE_KINDS,
  FAILURE_STATES,
} from '@millrace/backstage-plugin-pipelines-common';
import { usePipelines } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import { actorText } from '../../ui/ActorName';
import { RangePicker } from '../../ui/RangePicker';
import styles from '../Failures.module.css';
import type { FailuresUrl } from '../useFailuresUrl';

/** Pipelines whose owners can be chosen; a portal with more filters by the address. */
const MAX_PIPELINES = 200;

/** Chooses by state, text, kind of error, owner and period. */
export function FailuresFilters({ url }: { url: FailuresUrl }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const pipelines = usePipelines({ limit: MAX_PIPELINES });
  const known = pipelines.data?.pages.flatMap(({ items }) => items) ?? [];
  const owners = [
    ...new Set([...known.flatMap(({ owner }) => owner ?? []), ...url.owners]),
  ].sort();
  return (
    <div className={styles.filters}>
      <SearchField
        aria-label={t('failures.search')}
        placeholder={t('failures.search')}
        className={styles.search}
        value={url.text}
        onChange={url.chooseText}
      />
      <ToggleButtonGroup
        aria-label={t('failures.states')}
        className={styles.states}
        selectionMode="multiple"
        selectedKeys={url.states}
        onSelectionChange={keys =>
          url.chooseStates(FAILURE_STATES.filter(state => keys.has(state)))
        }
      >
        {FAILURE_STATES.map(state => (
          <ToggleButton key={state} id={state}>
            {t(`failures.state.${state}` as const)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Select
        size="small"
        className={styles.choice}
        aria-label={t('failures.kindFilter')}
        placeholder={t('failures.kindFilter')}
        selectionMode="multiple"
        options={FAILURE_KINDS.map(kind => ({
          id: kind,
          label: t(`failures.kind.${kind}` as const),
        }))}
        value={url.kinds}
        onChange={keys =>
          url.chooseKinds(FAILURE_KINDS.filter(kind => keys.includes(kind)))
        }
      />
      <Select
        size="small"
        className={styles.choice}
        aria-label={t('failures.ownerFilter')}
        placeholder={t('failures.ownerFilter')}
        selectionMode="multiple"
        options={owners.map(owner => ({ id: owner, label: actorText(owner) }))}
        value={url.owners}
        onChange={keys => url.chooseOwners(keys.map(String))}
      />
      {url.pipelines.length > 0 && (
        <span className={styles.actions}>
          {t('failures.onlyPipelines', { pipelines: url.pipelines.join(', ') })}
          <Button
            size="small"
            variant="secondary"
            onPress={url.showAllPipelines}
          >
            {t('failures.allPipelines')}
          </Button>
        </span>
      )}
      <RangePicker value={url.range} onChange={url.chooseRange} />
    </div>
  );
}
