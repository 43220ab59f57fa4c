import { Button } from '@backstage/ui';
import type { LearntTemplates } from '@millrace/backstage-plugin-pipelines-common';
import { messageOf } from '../api/errors';
import { useText, type TextFunction } from '../translation/useText';
import { PanelNotice } from '../ui/PanelNotice';
import type { LogFacts } from './LogStore';
import styles from './LogViewer.module.css';

/** What stands in the place of lines when all are hidden. @internal */
export function NothingFound(props: { learnt: LearntTemplates | undefined }) {
  const t = useText();
  const { learnt } = props;
  return (
    <div className={styles.placeholder}>
      <PanelNotice kind="empty" title={nothingText(learnt, t)} />
    </div>
  );
}

function nothingText(
  learnt: LearntTemplates | undefined,
  t: TextFunction,
): string {
  if (!learnt) {
    return t('logs.viewer.nothingFound');
  }
  return t(learnt.runs > 0 ? 'logs.novel.none' : 'logs.novel.unlearnt');
}

/** What stands in the place of lines when there are none. @internal */
export function LogPlaceholder(props: { facts: LogFacts; onRetry(): void }) {
  const t = useText();
  const { facts } = props;
  if (facts.error) {
    return (
      <div className={styles.placeholder}>
        <PanelNotice
          kind="error"
          title={t('ui.panel.errorTitle')}
          action={
            <Button size="small" variant="secondary" onPress={props.onRetry}>
              {t('ui.panel.tryAgain')}
            </Button>
          }
        >
          {messageOf(facts.error)}
        </PanelNotice>
      </div>
    );
  }
  if (!facts.loaded) {
    return null;
  }
  return (
    <div className={styles.placeholder}>
      <PanelNotice
        kind="empty"
        title={t(facts.complete ? 'logs.viewer.empty' : 'logs.viewer.emptyYet')}
      />
    </div>
  );
}
