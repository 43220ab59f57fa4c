import { useEffect, useState, type KeyboardEvent, type RefObject } from 'react';
import { ButtonIcon, ToggleButton } from '@backstage/ui';
import {
  RiAlertLine,
  RiArrowDownSLine,
  RiArrowUpSLine,
  RiBugLine,
  RiErrorWarningLine,
  RiInformationLine,
  RiSparklingLine,
} from '@remixicon/react';
import {
  LOG_LEVELS,
  MAX_LOG_QUERY_LENGTH,
  parseLogQuery,
  type LogLevel,
} from '@millrace/backstage-plugin-pipelines-common';
import { messageOf } from '../api/errors';
import { Named } from '../ui/Named';
import { useText } from '../translation/useText';
import { formatNumber } from '../ui/format';
import type { LogFilter } from './logFilter';
import type { FindFacts } from './LogFinder';
import styles from './LogFindBar.module.css';

/** Props of {@link LogFindBar}. @internal */
export interface LogFindBarProps {
  filter: LogFilter;
  onChange(filter: LogFilter): void;
  /** Names of steps whose lines are known. */
  steps: readonly string[];
  find: FindFacts;
  inputRef: RefObject<HTMLInputElement>;
  onStep(direction: 'next' | 'previous'): void;
}

const LEVEL_ICONS = {
  error: RiErrorWarningLine,
  warn: RiAlertLine,
  info: RiInformationLine,
  debug: RiBugLine,
} as const;

/** What is looked for in a log: text with its place among what was found, levels, a step. @internal */
export function LogFindBar(props: LogFindBarProps) {
  const t = useText();
  const { filter, onChange, steps, find } = props;
  const hasQuery = filter.q.trim() !== '';
  return (
    <div className={styles.bar} role="search" aria-label={t('logs.find.label')}>
      <FindField {...props} />
      <ToggleButton
        size="small"
        isSelected={filter.only}
        isDisabled={!hasQuery}
        onChange={only => onChange({ ...filter, only })}
      >
        {t('logs.find.only')}
      </ToggleButton>
      <span
        className={styles.levels}
        role="group"
        aria-label={t('logs.find.levels')}
      >
        {LOG_LEVELS.map(level => (
          <LevelChip
            key={level}
            level={level}
            count={find.levels?.[level]}
            isSelected={filter.levels.includes(level)}
            onChange={() => onChange(withLevel(filter, level))}
          />
        ))}
      </span>
      <ToggleButton
        size="small"
        iconStart={<RiSparklingLine />}
        isSelected={filter.novel}
        onChange={novel => onChange({ ...filter, novel })}
      >
        {t('logs.novel.switch')}
      </ToggleButton>
      {steps.length > 0 && (
        <select
          className={styles.step}
          aria-label={t('logs.find.step')}
          value={filter.step ?? ''}
          onChange={event =>
            onChange({ ...filter, step: event.target.value || undefined })
          }
        >
          <option value="">{t('logs.find.allSteps')}</option>
          {steps.map(step => (
            <option key={step} value={step}>
              {step}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

function FindField(props: LogFindBarProps) {
  const t = useText();
  const { filter, onChange, find, inputRef, onStep } = props;
  const [text, setText] = useState(filter.q);
  useEffect(() => setText(filter.q), [filter.q]);
  const parsed = parseLogQuery(text);
  const hasQuery = text.trim() !== '';
  let problem: string | undefined;
  if (!parsed.ok) {
    problem = parsed.problem;
  } else if (find.error) {
    problem = messageOf(find.error);
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      onStep(event.shiftKey ? 'previous' : 'next');
    } else if (event.key === 'Escape' && hasQuery) {
      event.stopPropagation();
      onChange({ ...filter, q: '', only: false });
    }
  };
  return (
    <span className={styles.find}>
      <input
        ref={inputRef}
        className={styles.input}
        type="search"
        maxLength={MAX_LOG_QUERY_LENGTH}
        aria-label={t('logs.find.field')}
        aria-invalid={problem !== undefined}
        placeholder={t('logs.find.placeholder')}
        title={t('logs.find.help')}
        value={text}
        onChange={event => {
          const q = event.target.value;
          setText(q);
          if (parseLogQuery(q).ok) {
            onChange({ ...filter, q, only: filter.only && q.trim() !== '' });
          }
        }}
        onKeyDown={onKeyDown}
      />
      <span className={styles.place} role="status">
        {problem ?? (hasQuery ? placeText(find, t) : '')}
      </span>
      <ButtonIcon
        size="small"
        variant="tertiary"
        icon={<RiArrowUpSLine />}
        aria-label={t('logs.find.previous')}
        isDisabled={!hasQuery || find.found === 0}
        onPress={() => onStep('previous')}
      />
      <ButtonIcon
        size="small"
        variant="tertiary"
        icon={<RiArrowDownSLine />}
        aria-label={t('logs.find.next')}
        isDisabled={!hasQuery || find.found === 0}
        onPress={() => onStep('next')}
      />
    </span>
  );
}

function placeText(find: FindFacts, t: ReturnType<typeof useText>): string {
  if (!find.answered) {
    return find.loading ? t('logs.find.searching') : '';
  }
  if (find.found === 0) {
    return t('logs.find.none');
  }
  const found = formatNumber(find.found) + (find.stopped ? '+' : '');
  return find.current === undefined
    ? found
    : t('logs.find.place', {
        place: formatNumber(find.current + 1),
        found,
      });
}

function LevelChip(props: {
  level: LogLevel;
  count: number | undefined;
  isSelected: boolean;
  onChange(): void;
}) {
  const t = useText();
  const { level, count, isSelected, onChange } = props;
  const Icon = LEVEL_ICONS[level];
  return (
    <ToggleButton
      size="small"
      iconStart={<Icon className={styles[level]} />}
      isSelected={isSelected}
      onChange={onChange}
    >
      <Named
        name={t('logs.find.levelLabel', {
          level: t(`logs.level.${level}`),
          lines: count === undefined ? '…' : formatNumber(count),
        })}
      >
        {t(`logs.level.${level}`)}
        <span className={styles.count}>
          {count === undefined ? '' : formatNumber(count)}
        </span>
      </Named>
    </ToggleButton>
  );
}

/** The filter with a level more or less. @internal */
export function withLevel(filter: LogFilter, level: LogLevel): LogFilter {
  const levels = filter.levels.includes(level)
    ? filter.levels.filter(other => other !== level)
    : LOG_LEVELS.filter(
        other => other === level || filter.levels.includes(other),
      );
  return { ...filter, levels };
}
