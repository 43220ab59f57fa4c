import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Radio, RadioGroup, TextField } from '@backstage/ui';
import {
  MAX_IGNORED_COUNT,
  type IgnoreFailureRequest,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  DateTimeField,
  formatNumber,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../../translation';
import styles from '../Failures.module.css';
import type { NamedFailure } from '../useChangeFailures';
import { ChangeFailureDialog } from './ChangeFailureDialog';

const HOUR_MS = 3_600_000;

/** How long a failure is ignored: some hours, until a time, for so many runs, or for ever. */
const LENGTHS = ['1h', '24h', 'time', 'count', 'forever'] as const;

type Length = (typeof LENGTHS)[number];

/** Asks for how long and why, and ignores one or several failures. */
export function IgnoreFailureDialog(props: {
  failures: readonly NamedFailure[];
  onClose(): void;
  onDone?(): void;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [length, setLength] = useState<Length>('24h');
  const [time, setTime] = useState<string>();
  const [count, setCount] = useState('10');
  const isPast =
    length === 'time' && time !== undefined && Date.parse(time) <= Date.now();
  const isReady =
    (length !== 'time' || (time !== undefined && !isPast)) &&
    (length !== 'count' || isCount(count));
  return (
    <ChangeFailureDialog
      {...props}
      action="ignore"
      changeOf={reason => ({
        action: 'ignore',
        request: { reason, ...termsOf(length, time, count) },
      })}
      isReady={isReady}
    >
      <RadioGroup
        label={t('failures.actions.howLong')}
        value={length}
        onChange={value => setLength(value as Length)}
      >
        {LENGTHS.map(value => (
          <Radio key={value} value={value}>
            {t(`failures.actions.${value}` as const)}
          </Radio>
        ))}
      </RadioGroup>
      {length === 'time' && (
        <div>
          <DateTimeField
            label={t('failures.actions.timeLabel')}
            description={t('failures.actions.timeHint')}
            value={time}
            isInvalid={isPast}
            onChange={setTime}
          />
          {isPast && (
            <p className={styles.problem} role="alert">
              {t('failures.actions.timePast')}
            </p>
          )}
        </div>
      )}
      {length === 'count' && (
        <TextField
          label={t('failures.actions.countLabel')}
          description={t('failures.actions.countHint', {
            max: formatNumber(MAX_IGNORED_COUNT),
          })}
          inputMode="numeric"
          value={count}
          onChange={setCount}
          isInvalid={!isCount(count)}
        />
      )}
    </ChangeFailureDialog>
  );
}

function isCount(text: string): boolean {
  return (
    /^[1-9]\d{0,6}$/.test(text.trim()) && Number(text) <= MAX_IGNORED_COUNT
  );
}

function termsOf(
  length: Length,
  time: string | undefined,
  count: string,
): Pick<IgnoreFailureRequest, 'until' | 'count'> {
  switch (length) {
    case 'forever':
      return {};
    case 'time':
      return { until: time };
    case 'count':
      return { count: Number(count) };
    default:
      return {
        until: new Date(
          Date.now() + parseInt(length, 10) * HOUR_MS,
        ).toISOString(),
      };
  }
}
