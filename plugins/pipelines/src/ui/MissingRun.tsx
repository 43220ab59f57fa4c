import type { ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonLink, Container } from '@backstage/ui';
import { PanelNotice } from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import styles from './MissingRun.module.css';
import { useRunLinks } from './RunLinks';

/** Says on a page of runs that there is nothing to show, and leads to the list. */
export function MissingRun(props: {
  /** By default what was asked for is not there. */
  kind?: 'notFound' | 'empty';
  title: string;
  children: ReactNode;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  return (
    <Container className={styles.missing}>
      <PanelNotice
        kind={props.kind ?? 'notFound'}
        title={props.title}
        action={
          <ButtonLink variant="secondary" href={links.runs()}>
            {t('run.toRuns')}
          </ButtonLink>
        }
      >
        {props.children}
      </PanelNotice>
    </Container>
  );
}
