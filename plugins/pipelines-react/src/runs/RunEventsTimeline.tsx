import type { ReactElement } from 'react';
import { Button, Link } from '@backstage/ui';
import clsx from 'clsx';
import {
  RiAlertFill,
  RiRobot2Line,
  RiUserLine,
  type RemixiconComponentType,
} from '@remixicon/react';
import type { RunEvent } from '@millrace/backstage-plugin-pipelines-common';
import { useText, type TextFunction } from '../translation/useText';
import { JsonView } from '../ui/JsonView';
import { PanelNotice } from '../ui/PanelNotice';
import { StateIcon } from '../ui/StateIcon';
import { TimeText } from '../ui/TimeText';
import tones from '../ui/tones.module.css';
import styles from './RunEventsTimeline.module.css';

/** The last characters of an id, which tell runs apart that began at the same time. */
const SHORT_ID = 8;

/** Props of {@link RunEventsTimeline}. @public */
export interface RunEventsTimelineProps {
  /** Newest first. */
  events: readonly RunEvent[];
  /** Names who did it; by default as the event does, which is an entity ref for a person. */
  actorOf?(actor: string): ReactElement;
  /** Where the page of another run is that an event tells of; by default it is not linked. */
  runHref?(runId: string): string;
  hasMore?: boolean;
  isLoadingMore?: boolean;
  onMore?(): void;
}

/** What happened to a run, newest first: when, from which state to which, by whom and why. @public */
export function RunEventsTimeline(props: RunEventsTimelineProps) {
  const t = useText();
  const { events, actorOf, runHref, hasMore, isLoadingMore, onMore } = props;
  if (events.length === 0) {
    return <PanelNotice kind="empty" title={t('runs.events.none')} />;
  }
  return (
    <div className={styles.timeline}>
      <ol className={styles.list} aria-label={t('runs.events.list')}>
        {events.map(event => (
          <EventItem
            key={event.seq}
            event={event}
            runHref={runHref}
            actor={actorOf?.(event.actor) ?? event.actor}
          />
        ))}
      </ol>
      {hasMore && (
        <Button
          size="small"
          variant="secondary"
          isPending={isLoadingMore}
          onPress={onMore}
        >
          {t('runs.events.more')}
        </Button>
      )}
    </div>
  );
}

function EventItem(props: {
  event: RunEvent;
  actor: ReactElement | string;
  runHref?(runId: string): string;
}) {
  const { event, actor, runHref } = props;
  const t = useText();
  const otherRun = textIn(event, 'runId');
  return (
    <li className={styles.item}>
      <EventSign event={event} />
      <div className={styles.body}>
        <div className={styles.line}>
          <span className={styles.what}>{eventTitle(t, event)}</span>
          {otherRun && runHref && (
            <Link href={runHref(otherRun)}>
              {t('runs.events.otherRun', { run: otherRun.slice(-SHORT_ID) })}
            </Link>
          )}
          <span className={styles.faint}>{t('runs.events.by', { actor })}</span>
          {event.attempt !== undefined && (
            <span className={styles.faint}>
              {t('runs.events.attempt', { number: String(event.attempt) })}
            </span>
          )}
          <span className={styles.when}>
            <TimeText at={event.at} />
          </span>
        </div>
        {event.reason && <p className={styles.reason}>{event.reason}</p>}
        {event.details !== undefined && (
          <details className={styles.details}>
            <summary>{t('runs.events.details')}</summary>
            <JsonView
              value={event.details}
              label={t('runs.events.details')}
              maxHeight={240}
            />
          </details>
        )}
      </div>
    </li>
  );
}

/** A text in the details of an event. */
function textIn({ details }: RunEvent, key: string): string | undefined {
  const value: unknown =
    typeof details === 'object' && details !== null
      ? (details as Record<string, unknown>)[key]
      : undefined;
  return typeof value === 'string' ? value : undefined;
}

const KIND_SIGNS: Record<
  Exclude<RunEvent['kind'], 'transition'>,
  { icon: RemixiconComponentType; tone: 'neutral' | 'warning' }
> = {
  action: { icon: RiUserLine, tone: 'neutral' },
  runner: { icon: RiRobot2Line, tone: 'neutral' },
  warning: { icon: RiAlertFill, tone: 'warning' },
};

function EventSign({ event }: { event: RunEvent }) {
  if (event.kind === 'transition') {
    return (
      <span className={styles.sign}>
        <StateIcon state={event.to ?? 'unknown'} />
      </span>
    );
  }
  const { icon: Icon, tone } = KIND_SIGNS[event.kind];
  return (
    <span className={clsx(styles.sign, tones[tone])} aria-hidden="true">
      <Icon size={16} />
    </span>
  );
}

/** What an event says, in a few words. @public */
export function RunEventTitle({ event }: { event: RunEvent }) {
  return <>{eventTitle(useText(), event)}</>;
}

/** "Running → Succeeded", a sentence of its own, or the name of the event as words. @internal */
export function eventTitle(t: TextFunction, event: RunEvent): string {
  if (event.from && event.to) {
    return `${t(`ui.state.${event.from}`)} → ${t(`ui.state.${event.to}`)}`;
  }
  if (event.to) {
    return t(`ui.state.${event.to}`);
  }
  return sentenceOf(t, event) ?? nameAsWords(event.name);
}

function sentenceOf(t: TextFunction, event: RunEvent): string | undefined {
  const pipeline = textIn(event, 'pipelineId');
  const path = textIn(event, 'path');
  switch (event.name) {
    case 'starts-skipped':
      return t('runs.events.startsSkipped');
    case 'follower-submitted':
      return pipeline && t('runs.events.followerSubmitted', { pipeline });
    case 'follower-refused':
      return pipeline && t('runs.events.followerRefused', { pipeline });
    case 'input-deleted':
      return path && t('runs.events.inputDeleted', { path });
    case 'input-kept':
      return path && t('runs.events.inputKept', { path });
    default:
      return undefined;
  }
}

function nameAsWords(name: string): string {
  const words = name.replaceAll(/[-_.]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
