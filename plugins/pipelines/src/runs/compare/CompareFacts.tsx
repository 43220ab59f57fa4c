import { useState, type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import { RunStateBadge } from '@millrace/backstage-plugin-pipelines-react';
import { RiPencilLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import { Panel } from '../../ui/Panel';
import { StackedTable } from '../../ui/StackedTable';
import { TriggerSign } from '../../ui/TriggerSign';
import { RunDuration } from '../components/RunDuration';
import { COMPARED_FACTS, factOf, type ComparedFact } from './compareFacts';
import styles from './ComparePage.module.css';

/** What two runs were and did: differences first, what is equal folded. */
export function CompareFacts(props: {
  left: RunDetail;
  right: RunDetail;
  onlyDifferences: boolean;
}) {
  const { left, right, onlyDifferences } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [isOpen, setOpen] = useState(false);
  const differs = (fact: ComparedFact) =>
    factOf(left, fact) !== factOf(right, fact);
  const present = COMPARED_FACTS.filter(
    fact =>
      factOf(left, fact) !== undefined || factOf(right, fact) !== undefined,
  );
  const different = present.filter(differs);
  const equal = present.filter(fact => !differs(fact));
  const shown = isOpen ? [...different, ...equal] : different;
  return (
    <Panel
      title={t('compare.facts')}
      aside={
        !onlyDifferences &&
        equal.length > 0 && (
          <Button
            size="small"
            variant="tertiary"
            aria-expanded={isOpen}
            onPress={() => setOpen(!isOpen)}
          >
            {t('compare.equal', { count: equal.length })}
          </Button>
        )
      }
    >
      <StackedTable
        label={t('compare.facts')}
        heads={[t('compare.fact'), t('compare.left'), t('compare.right')]}
        rows={[
          ...shown.map(fact => ({
            key: fact as string,
            cells: [
              <FactName key="name" fact={fact} differs={differs(fact)} />,
              <Fact key="left" run={left} fact={fact} />,
              <Fact key="right" run={right} fact={fact} />,
            ],
          })),
          {
            key: 'duration',
            cells: [
              `${t('compare.waited')} ▸ ${t('compare.ran')}`,
              <RunDuration key="left" run={left} />,
              <RunDuration key="right" run={right} />,
            ],
          },
        ]}
      />
    </Panel>
  );
}

function FactName(props: { fact: ComparedFact; differs: boolean }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <span className={styles.name}>
      {props.differs && (
        <span role="img" aria-label={t('compare.differs')}>
          <RiPencilLine size={14} aria-hidden="true" />
        </span>
      )}{' '}
      {t(`compare.${props.fact}` as const)}
    </span>
  );
}

function Fact({ run, fact }: { run: RunDetail; fact: ComparedFact }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const value = factOf(run, fact);
  if (value === undefined) {
    return <span className={styles.weak}>{t('compare.none')}</span>;
  }
  const shown: Partial<Record<ComparedFact, ReactNode>> = {
    state: <RunStateBadge state={run.state} />,
    trigger: (
      <span className={styles.name}>
        <TriggerSign trigger={run.trigger} />
        {t(`trigger.${run.trigger}` as const)}
      </span>
    ),
    by: <ActorName actor={value} />,
  };
  return <>{shown[fact] ?? value}</>;
}
