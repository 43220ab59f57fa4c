import type {
  GridRun,
  GridStep,
} from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { formatDuration, formatExactTime } from '../ui/format';
import { durationOf } from './RunGrid.model';

/** The names of bars and squares for those who do not see them. @internal */
export function useGridTexts() {
  const t = useText();
  return {
    run(run: GridRun, durationMs: number | undefined, hasNewSettings: boolean) {
      return [
        t(`ui.state.${run.state}`),
        formatExactTime(run.startedAt ?? run.queuedAt),
        ...(durationMs === undefined
          ? []
          : [
              t('timeline.grid.took', { duration: formatDuration(durationMs) }),
            ]),
        t(`ui.trigger.${run.trigger}`),
        ...(hasNewSettings
          ? [
              t('timeline.grid.newSettings', {
                revision: String(run.settingsRevision),
              }),
            ]
          : []),
      ].join(', ');
    },
    step(run: GridRun, name: string, step: GridStep | undefined) {
      const when = formatExactTime(run.startedAt ?? run.queuedAt);
      if (!step) {
        return t('timeline.grid.noStep', { name, when });
      }
      const state = t(`ui.state.${step.state}`);
      const duration = durationOf(step, false, 0);
      return duration === undefined
        ? t('timeline.grid.step', { name, state, when })
        : t('timeline.grid.stepTook', {
            name,
            state,
            when,
            duration: formatDuration(duration),
          });
    },
  };
}
