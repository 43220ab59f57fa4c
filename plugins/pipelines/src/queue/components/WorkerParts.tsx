import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type { Worker } from '@millrace/backstage-plugin-pipelines-common';
import { formatAge, useNow } from '@millrace/backstage-plugin-pipelines-react';
import {
  RiCheckboxCircleFill,
  RiHourglassLine,
  RiStopCircleLine,
  RiWifiOffLine,
  type RemixiconComponentType,
} from '@remixicon/react';
import { shortRunId } from '../../runs/components/shortRunId';
import { pipelinesTranslationRef } from '../../translation';
import { GatedButton } from '../../ui/GatedButton';
import { useRunLinks } from '../../ui/RunLinks';
import type { PipelineAccess } from '../../ui/usePipelineAccess';
import styles from './Workers.module.css';

/** Runs of a worker that are named before the rest is counted. */
const MOST_NAMED = 3;

const ICONS: Record<Worker['state'], RemixiconComponentType> = {
  active: RiCheckboxCircleFill,
  draining: RiHourglassLine,
  stopping: RiStopCircleLine,
  silent: RiWifiOffLine,
};

/** How a worker stands, as icon and text; the silence grows by the second. */
export function WorkerState({ worker }: { worker: Worker }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { state, heartbeatAt, drained } = worker;
  const now = useNow(state === 'silent' ? 1_000 : 0);
  const Icon = ICONS[state];
  const texts = {
    active: t('queue.workers.active'),
    draining: t('queue.workers.draining'),
    stopping: t('queue.workers.stopping'),
    silent: t('queue.workers.silent', {
      age: formatAge(now - Date.parse(heartbeatAt)),
    }),
  };
  return (
    <span
      className={styles.sign}
      data-state={state}
      title={drained && t('queue.workers.drainingBy', { by: drained.by })}
    >
      <Icon size={16} aria-hidden />
      {texts[state]}
    </span>
  );
}

/** How many slots of a worker are taken, with a mark for each. */
export function SlotsText({ worker }: { worker: Worker }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { busySlots, slots } = worker;
  return (
    <span className={styles.number}>
      {t('queue.workers.slotsOf', {
        busy: String(busySlots),
        slots: String(slots),
      })}
    </span>
  );
}

/** The runs that a worker executes, as links; those that one may not see are counted. */
export function WorkerRuns(props: {
  worker: Worker;
  titles: ReadonlyMap<string, string>;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { worker, titles } = props;
  const links = useRunLinks();
  const { runIds, busySlots } = worker;
  const hidden = Math.max(0, busySlots - runIds.length);
  if (busySlots === 0) {
    return <span className={styles.none}>{t('queue.workers.noRuns')}</span>;
  }
  return (
    <span className={styles.titles}>
      {runIds.slice(0, MOST_NAMED).map(id => (
        <Link
          key={id}
          href={links.run(id)}
          className={styles.clip}
          variant="body-small"
        >
          {titles.get(id) ?? shortRunId(id)}
        </Link>
      ))}
      {runIds.length > MOST_NAMED && (
        <span>
          {t('queue.workers.more', { count: runIds.length - MOST_NAMED })}
        </span>
      )}
      {hidden > 0 && (
        <span className={styles.none}>
          {t('queue.workers.others', { count: hidden })}
        </span>
      )}
    </span>
  );
}

/** Drains a worker, or lets it claim again; nothing for one that is going or gone. */
export function DrainButton(props: {
  worker: Worker;
  access: PipelineAccess;
  onDrain(worker: Worker): void;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { worker, access, onDrain } = props;
  const isDrained = worker.drained !== undefined;
  if (!isDrained && worker.state !== 'active') {
    return null;
  }
  return (
    <GatedButton
      access={access}
      size="small"
      variant="secondary"
      aria-label={t(
        isDrained ? 'queue.workers.undrainOf' : 'queue.workers.drainOf',
        { worker: worker.id },
      )}
      onPress={() => onDrain(worker)}
    >
      {isDrained ? t('queue.workers.undrain') : t('queue.workers.drain')}
    </GatedButton>
  );
}
