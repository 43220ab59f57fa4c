import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  isActiveRunState,
  type RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  OutputCard,
  PanelNotice,
  PanelState,
  useRunOutputs,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import styles from './OutputsTab.module.css';

/** The JSON documents of the run, one box each. */
export function OutputsTab({ run }: { run: RunDetail }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const outputs = useRunOutputs(run.id);
  return (
    <PanelState
      query={outputs}
      empty={items =>
        items.length === 0 ? (
          <PanelNotice kind="empty" title={t('outputs.emptyTitle')}>
            {isActiveRunState(run.state)
              ? t('outputs.emptyActive')
              : t('outputs.empty')}
          </PanelNotice>
        ) : undefined
      }
    >
      {items => (
        <div className={styles.outputs}>
          {items.map(output => (
            <OutputCard
              key={`${output.attempt}/${output.name}`}
              output={output}
            />
          ))}
        </div>
      )}
    </PanelState>
  );
}
