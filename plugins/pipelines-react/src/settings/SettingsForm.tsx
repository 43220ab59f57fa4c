import { useState } from 'react';
import { Button, Text } from '@backstage/ui';
import {
  RiAddLine,
  RiArrowGoBackLine,
  RiDeleteBinLine,
} from '@remixicon/react';
import { cronInWords } from '../definitions/ScheduleText';
import { useText } from '../translation/useText';
import { formatDuration } from '../ui/format';
import { SettingControl } from './SettingControl';
import type { SettingField, SettingGroup } from './settingFields';
import type { SettingProblems } from './settingProblems';
import {
  cellAfterEdit,
  configuredValue,
  effectiveValue,
  isSameCell,
  type SettingCell,
  type SettingsDraft,
} from './settingsDraft';
import { unitOf, useSettingTexts } from './settingTexts';
import styles from './SettingsForm.module.css';
import type { JsonObject } from './values';

/** Props of {@link SettingsForm}. @public */
export interface SettingsFormProps {
  /** As the model of the settings gives them. */
  fields: readonly SettingField[];
  draft: SettingsDraft;
  /** What was edited when the draft began. */
  saved: SettingsDraft;
  configured: JsonObject;
  problems: SettingProblems;
  /** The revision that last changed a setting, where it is known. */
  revisionOf?(field: SettingField): number | undefined;
  isReadOnly?: boolean;
  onChange(cells: SettingsDraft): void;
}

const INHERITED: SettingCell = { kind: 'inherited' };
const REMOVED: SettingCell = { kind: 'removed' };

/** Settings as fields in groups, each with where its value comes from and a way back to that. @public */
export function SettingsForm(props: SettingsFormProps) {
  const t = useText();
  const { fields } = props;
  const groups = [...new Set(fields.map(({ group }) => group))];
  if (groups.length === 0) {
    return <Text color="secondary">{t('settings.form.nothing')}</Text>;
  }
  return (
    <div className={styles.form}>
      {groups.map(group => (
        <GroupOfSettings
          key={group}
          {...props}
          group={group}
          members={fields.filter(field => field.group === group)}
        />
      ))}
    </div>
  );
}

interface GroupProps extends SettingsFormProps {
  group: SettingGroup;
  members: readonly SettingField[];
}

function GroupOfSettings(props: GroupProps) {
  const t = useText();
  const { group, members, draft, onChange } = props;
  const [isAdding, setAdding] = useState(false);
  const removable = members.filter(field => field.removableParent);
  const isRemoved =
    removable.length > 0 &&
    removable.every(({ id }) => draft[id]?.kind === 'removed');
  const setAll = (cell: SettingCell) =>
    onChange(Object.fromEntries(removable.map(({ id }) => [id, cell])));
  // Without a time to start at, nothing else about a schedule means anything.
  const isMissing =
    group === 'schedule' &&
    !isAdding &&
    !hasValue(props, removable) &&
    removable.every(({ id }) => isSameCell(draft[id], INHERITED));
  const shown =
    isRemoved || isMissing
      ? members.filter(field => !field.removableParent)
      : members;
  return (
    <section className={styles.group} aria-label={t(`settings.group.${group}`)}>
      <div className={styles.head}>
        <h4 className={styles.title}>{t(`settings.group.${group}`)}</h4>
        {!isRemoved && hasValue(props, removable) && (
          <Button
            size="small"
            variant="tertiary"
            iconStart={<RiDeleteBinLine />}
            isDisabled={props.isReadOnly}
            onPress={() => setAll(REMOVED)}
          >
            {group === 'schedule'
              ? t('settings.form.removeSchedule')
              : t('settings.form.removeLimits')}
          </Button>
        )}
      </div>
      {isRemoved && (
        <div className={styles.removed}>
          <Text as="p" variant="body-small">
            {group === 'schedule'
              ? t('settings.form.removedSchedule')
              : t('settings.form.removedLimits')}
          </Text>
          <Button
            size="small"
            variant="secondary"
            isDisabled={props.isReadOnly}
            onPress={() => setAll(INHERITED)}
          >
            {t('settings.form.bringBack')}
          </Button>
        </div>
      )}
      {isMissing && (
        <div className={styles.removed}>
          <Text as="p" variant="body-small">
            {t('settings.form.noSchedule')}
          </Text>
          <Button
            size="small"
            variant="secondary"
            iconStart={<RiAddLine />}
            isDisabled={props.isReadOnly}
            onPress={() => setAdding(true)}
          >
            {t('settings.form.addSchedule')}
          </Button>
        </div>
      )}
      {shown.map(field => (
        <SettingRow key={field.id} {...props} field={field} />
      ))}
    </section>
  );
}

function hasValue(
  { draft, configured }: GroupProps,
  fields: readonly SettingField[],
): boolean {
  return fields.some(
    field =>
      effectiveValue(field, draft[field.id] ?? INHERITED, configured) !==
      undefined,
  );
}

function SettingRow(props: SettingsFormProps & { field: SettingField }) {
  const texts = useSettingTexts();
  const { field, draft, configured, problems, onChange } = props;
  const cell = draft[field.id] ?? INHERITED;
  const value = effectiveValue(field, cell, configured);
  return (
    <div className={styles.row} id={settingAnchor(field.id)}>
      <div className={styles.control}>
        <SettingControl
          field={field}
          label={texts.label(field)}
          hint={texts.hint(field)}
          value={value}
          problem={problems.byField[field.id]}
          isDisabled={props.isReadOnly ?? false}
          onChange={next =>
            onChange({ [field.id]: cellAfterEdit(field, next, configured) })
          }
        />
        <InWords field={field} value={value} />
      </div>
      <div className={styles.origin}>
        <Origin {...props} cell={cell} />
      </div>
    </div>
  );
}

/** A number of seconds or a cron line, as people say it. */
function InWords({ field, value }: { field: SettingField; value: unknown }) {
  const t = useText();
  if (unitOf(field) === 'seconds' && typeof value === 'number' && value >= 60) {
    const duration = formatDuration(value * 1_000);
    return (
      <p className={styles.words}>{t('settings.unit.words', { duration })}</p>
    );
  }
  const words =
    field.id === 'schedule.cron' && typeof value === 'string'
      ? cronInWords(value)
      : undefined;
  return words ? <p className={styles.words}>{words}</p> : null;
}

function Origin(
  props: SettingsFormProps & { field: SettingField; cell: SettingCell },
) {
  const t = useText();
  const texts = useSettingTexts();
  const { field, cell, saved, configured } = props;
  const underlying = configuredValue(field, configured);
  const name = texts.label(field);
  return (
    <>
      <span className={styles.tag}>{originText(t, props, underlying)}</span>
      {cell.kind !== 'inherited' && !props.isReadOnly && (
        <Button
          size="small"
          variant="tertiary"
          iconStart={<RiArrowGoBackLine />}
          aria-label={t('settings.form.resetOf', { name })}
          onPress={() => props.onChange({ [field.id]: INHERITED })}
        >
          {t('settings.form.reset')}
        </Button>
      )}
      {(cell.kind !== 'inherited' || !isSameCell(cell, saved[field.id])) &&
        underlying !== undefined && (
          <span className={styles.configured}>
            {t('settings.form.configuredValue', {
              value: texts.value(field, underlying),
            })}
          </span>
        )}
    </>
  );
}

function originText(
  t: ReturnType<typeof useText>,
  props: SettingsFormProps & { field: SettingField; cell: SettingCell },
  underlying: unknown,
): string {
  const { field, cell, saved } = props;
  if (!isSameCell(cell, saved[field.id])) {
    return t('settings.origin.drafted');
  }
  if (cell.kind === 'inherited') {
    return underlying === undefined
      ? t('settings.origin.none')
      : t('settings.origin.configured');
  }
  const revision = props.revisionOf?.(field);
  return revision === undefined
    ? t('settings.origin.edited')
    : t('settings.origin.editedIn', { revision: String(revision) });
}

/** Id of the element of a setting, to scroll to. @public */
export function settingAnchor(fieldId: string): string {
  return `setting-row-${fieldId}`;
}
