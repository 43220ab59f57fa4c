import cronstrue from 'cronstrue';
import type { Pipeline } from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';

/** Props of {@link ScheduleText}. @public */
export interface ScheduleTextProps {
  schedule: Pipeline['schedule'];
}

/** When a pipeline starts by itself, in words, with the cron line on hover. @public */
export function ScheduleText({ schedule }: ScheduleTextProps) {
  const t = useText();
  if (!schedule) {
    return <span>{t('definitions.schedule.none')}</span>;
  }
  const { cron, timezone: zone } = schedule;
  const words = cronInWords(cron);
  return (
    <span title={`${cron} ${zone}`}>
      {words
        ? t('definitions.schedule.inZone', { words, zone })
        : t('definitions.schedule.raw', { cron, zone })}
    </span>
  );
}

/** A cron line as a sentence; undefined for one that cannot be read. @internal */
export function cronInWords(cron: string): string | undefined {
  try {
    return cronstrue.toString(cron, { use24HourTimeFormat: true });
  } catch {
    return undefined;
  }
}
