import { useState, type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import { RunStateBadge } from '@millrace/backstage-plugin-pipelines-react';
import { RiPencilLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import { Panel } from '../../ui/Panel';
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
      <table className={styles.table} aria-label={t('compare.facts')}>
        <thead>
          <tr>
            <th scope="col">{t('compare.fact')}</th>
            <th scope="col">{t('compare.left')}</th>
            <th scope="col">{t('compare.right')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(fact => (
            <tr key={fact} data-differs={differs(fact) || undefined}>
              <th scope="row">
                <span className={styles.name}>
                  {differs(fact) && (
                    <span role="img" aria-label={t('compare.differs')}>
                      <RiPencilLine size={14} aria-hidden="true" />
                    </span>
                  )}{' '}
                  {t(`compare.${fact}` as const)}
                </span>
              </th>
              <td data-head={t('compare.left')}>
                <Fact run={left} fact={fact} />
              </td>
              <td data-head={t('compare.right')}>
                <Fact run={right} fact={fact} />
              </td>
            </tr>
          ))}
          <tr>
            <th scope="row">
              {t('compare.waited')} ▸ {t('compare.ran')}
            </th>
            <td data-head={t('compare.left')}>
              <RunDuration run={left} />
            </td>
            <td data-head={t('compare.right')}>
              <RunDuration run={right} />
            </td>
          </tr>
        </tbody>
      </table>
    </Panel>
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
