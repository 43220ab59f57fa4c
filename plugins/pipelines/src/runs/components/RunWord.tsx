import {
  isActiveRunState,
  type Run,
} from '@millrace/backstage-plugin-pipelines-common';
import { RunProgress } from './RunProgress';
import styles from './RunWord.module.css';

/** What there is to say about a run: how far it is, or why it did not succeed. */
export function RunWord({ run }: { run: Run }) {
  if (isActiveRunState(run.state) && run.startedAt) {
    return <RunProgress run={run} />;
  }
  const reason = run.error?.message ?? run.cancelRequest?.reason;
  return reason ? (
    <span className={styles.reason} title={reason}>
      {reason}
    </span>
  ) : (
    <span className={styles.summary} title={run.summary}>
      {run.summary}
    </span>
  );
}
