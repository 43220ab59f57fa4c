import { useMemo } from 'react';
import { useText, type TextFunction } from '../translation/useText';
import { formatDuration, formatNumber } from '../ui/format';
import type { SettingField } from './settingFields';
import type { SettingChange } from './settingsDraft';
import { isSame } from './values';

const NAMES = {
  'schedule.cron': 'cron',
  'schedule.timezone': 'timezone',
  'schedule.missed': 'missed',
  'schedule.enabled': 'enabled',
  'concurrency.limit': 'limit',
  'concurrency.perKey': 'perKey',
  concurrency: 'portalLimit',
  slots: 'slots',
  timeoutSeconds: 'timeout',
  queueTimeoutSeconds: 'queueTimeout',
  noOutputTimeoutSeconds: 'noOutputTimeout',
  stopGraceSeconds: 'stopGrace',
  'retry.maxAttempts': 'maxAttempts',
  'retry.delaySeconds': 'retryDelay',
  'retry.maxDelaySeconds': 'retryMaxDelay',
  'retention.runDays': 'runDays',
  'retention.logDays': 'logDays',
  'retention.artifactDays': 'artifactDays',
  outputFolder: 'outputFolder',
  titleTemplate: 'titleTemplate',
  'watches.*.enabled': 'watchEnabled',
  'watches.*.folder': 'watchFolder',
  'watches.*.stableSeconds': 'watchStable',
  'parameterDefaults.*': 'parameter',
} as const;

type Name = (typeof NAMES)[keyof typeof NAMES] | 'other';

/** What a number of a setting counts. */
type Unit = 'seconds' | 'days' | 'runs' | 'slots' | 'attempts';

const UNITS: readonly unknown[] = [
  'seconds',
  'days',
  'runs',
  'slots',
  'attempts',
] satisfies Unit[];

const EFFECTS = {
  cron: 'start',
  timezone: 'start',
  missed: 'start',
  enabled: 'start',
  limit: 'claim',
  perKey: 'claim',
  portalLimit: 'claim',
  slots: 'claim',
  timeout: 'attempt',
  queueTimeout: 'run',
  noOutputTimeout: 'attempt',
  stopGrace: 'attempt',
  maxAttempts: 'run',
  retryDelay: 'failure',
  retryMaxDelay: 'failure',
  runDays: 'cleaning',
  logDays: 'cleaning',
  artifactDays: 'cleaning',
  outputFolder: 'run',
  titleTemplate: 'run',
  watchEnabled: 'scan',
  watchFolder: 'scan',
  watchStable: 'scan',
  parameter: 'run',
  other: 'saved',
} as const satisfies Record<Name, string>;

/** A text of the title of a run with a parameter in it. */
const TEMPLATE_EXAMPLE = 'Ingest ${{ parameters.url }}';

/** What settings are called and mean, in the reader's language. @public */
export interface SettingTexts {
  label(field: SettingField): string;
  /** What it does; empty where nothing is known. */
  hint(field: SettingField): string;
  /** A value with its unit, such as `30 m 00 s`. */
  value(field: SettingField, value: unknown): string;
  /** What a change means, as one sentence with the time from which it holds. */
  change(change: SettingChange): string;
}

/** {@inheritDoc SettingTexts} @public */
export function useSettingTexts(): SettingTexts {
  const t = useText();
  return useMemo(() => settingTexts(t), [t]);
}

function settingTexts(t: TextFunction): SettingTexts {
  const names = (field: SettingField) => ({
    name: titleOf(field),
    watch: field.path[1] ?? '',
    example: TEMPLATE_EXAMPLE,
  });
  const label = (field: SettingField) =>
    t(`settings.field.${nameOf(field)}.label`, names(field));
  const value = (field: SettingField, of: unknown) =>
    valueText(t, field, of, 'long');
  const phrase = (field: SettingField, of: unknown) =>
    of === undefined
      ? t(`settings.field.${nameOf(field)}.none`, names(field))
      : t(`settings.field.${nameOf(field)}.change`, {
          ...names(field),
          value: value(field, of),
        });
  return {
    label,
    value,
    hint: field => {
      const known = t(`settings.field.${nameOf(field)}.hint`, names(field));
      return known || String(field.schema.description ?? '');
    },
    change: ({ field, before, after, isReset }) => {
      const effect = t(`settings.effect.${EFFECTS[nameOf(field)]}`);
      const change = phrase(field, after);
      const earlier = valueText(t, field, before, 'short');
      if (isReset && isSame(before, after)) {
        return t('settings.change.same', { name: label(field) });
      }
      if (before === undefined) {
        return t('settings.change.wasNothing', { change, effect });
      }
      return isReset
        ? t('settings.change.reset', { change, before: earlier, effect })
        : t('settings.change.was', { change, before: earlier, effect });
    },
  };
}

/** What the numbers of a setting count, as its schema says. @internal */
export function unitOf({ schema }: SettingField): Unit | undefined {
  const unit = schema['x-unit'];
  return UNITS.includes(unit) ? (unit as Unit) : undefined;
}

function nameOf({ id, path }: SettingField): Name {
  const names: Readonly<Record<string, Name>> = NAMES;
  const pattern = path.map((key, index) => (index === 1 ? '*' : key)).join('.');
  return (
    (Object.hasOwn(names, id) ? names[id] : undefined) ??
    (Object.hasOwn(names, pattern) ? names[pattern] : undefined) ??
    'other'
  );
}

function titleOf({ id, path, schema }: SettingField): string {
  const isParameter = path[0] === 'parameterDefaults';
  const title = typeof schema.title === 'string' ? schema.title : undefined;
  return title ?? (isParameter ? path.slice(1).join('.') : id);
}

function valueText(
  t: TextFunction,
  field: SettingField,
  value: unknown,
  length: 'long' | 'short',
): string {
  if (value === undefined) {
    return t('settings.nothing');
  }
  if (typeof value === 'boolean') {
    return t(value ? 'settings.on' : 'settings.off');
  }
  if (nameOf(field) === 'missed' && isMissedPolicy(value)) {
    return t(`settings.missed.${value}`);
  }
  if (typeof value === 'number') {
    return numberText(t, unitOf(field), value, length);
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function numberText(
  t: TextFunction,
  unit: Unit | undefined,
  value: number,
  length: 'long' | 'short',
): string {
  if (unit === 'seconds') {
    return formatDuration(value * 1_000);
  }
  if (!unit || (length === 'short' && unit !== 'days')) {
    return formatNumber(value);
  }
  return t(`settings.unit.${unit}`, { count: value });
}

function isMissedPolicy(value: unknown): value is 'skip' | 'once' | 'all' {
  return value === 'skip' || value === 'once' || value === 'all';
}
