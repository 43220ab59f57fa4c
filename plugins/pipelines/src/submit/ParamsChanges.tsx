import { useId, useMemo } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { jsonDiff } from '@millrace/backstage-plugin-pipelines-common';
import {
  DiffView,
  formatBytes,
  readDataUrl,
  withoutSecrets,
  type Parameters,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import styles from './RunDialog.module.css';
import { titleOfPath } from './titleOfPath';

/** What {@link ParamsChanges} compares. */
export interface ParamsChangesProps {
  /** JSON Schema of the parameters, for their titles. */
  schema: Readonly<Record<string, unknown>>;
  before: Parameters;
  after: Parameters;
}

/** What was changed in the parameters of an earlier run; nothing while they are the same. */
export function ParamsChanges({ schema, before, after }: ParamsChangesProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const titleId = useId();
  const shown = useMemo(() => {
    const name = (file: { name?: string; bytes: number }) =>
      t('submit.file', {
        name: file.name ?? '…',
        size: formatBytes(file.bytes),
      });
    return {
      before: withShortFiles(before, name),
      // What is typed into a secret field is nobody's to read.
      after: withShortFiles(withoutSecrets(schema, after), name),
    };
  }, [schema, before, after, t]);
  return jsonDiff(shown.before, shown.after).length === 0 ? null : (
    <section className={styles.changes} aria-labelledby={titleId}>
      <h3 id={titleId} className={styles.changesTitle}>
        {t('submit.changes')}
      </h3>
      <DiffView
        label={t('submit.changes')}
        before={shown.before}
        after={shown.after}
        beforeLabel={t('submit.changeBefore')}
        afterLabel={t('submit.changeAfter')}
        nameOf={path => titleOfPath(schema, path)}
      />
    </section>
  );
}

/** Nobody reads the bytes of a file; its name and size say enough. */
function withShortFiles(
  value: unknown,
  nameOf: (file: { name?: string; bytes: number }) => string,
): unknown {
  const file = readDataUrl(value);
  if (file) {
    return nameOf(file);
  }
  if (Array.isArray(value)) {
    return value.map(item => withShortFiles(item, nameOf));
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).map(([key, child]) => [
          key,
          withShortFiles(child, nameOf),
        ]),
      )
    : value;
}
