import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  SearchField,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import { FAILURE_STATES } from '@millrace/backstage-plugin-pipelines-common';
import { pipelinesTranslationRef } from '../../translation';
import { RangePicker } from '../../ui/RangePicker';
import styles from '../Failures.module.css';
import type { FailuresUrl } from '../useFailuresUrl';

/** Chooses by state, text and period. */
export function FailuresFilters({ url }: { url: FailuresUrl }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
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
