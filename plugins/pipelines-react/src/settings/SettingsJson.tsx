import { useId, useState } from 'react';
import { TextAreaField } from '@backstage/ui';
import { useText, type TextFunction } from '../translation/useText';
import type { SettingField } from './settingFields';
import type { SettingProblems } from './settingProblems';
import { draftOf, patchOf, type SettingsDraft } from './settingsDraft';
import styles from './SettingsForm.module.css';
import { isObject, valueAt, type JsonObject } from './values';

/** Props of {@link SettingsJson}. @public */
export interface SettingsJsonProps {
  fields: readonly SettingField[];
  /** What the text says at first; afterwards the text leads. */
  draft: SettingsDraft;
  problems: SettingProblems;
  isReadOnly?: boolean;
  onChange(draft: SettingsDraft): void;
  /** Called with each change: whether the text can be read at all. */
  onBroken(isBroken: boolean): void;
}

/** The edited settings as JSON text; what is typed stays, also while it cannot be read. @public */
export function SettingsJson(props: SettingsJsonProps) {
  const t = useText();
  const { fields, draft } = props;
  const problemsId = useId();
  const [text, setText] = useState(() =>
    JSON.stringify(patchOf(fields, draft), null, 2),
  );
  const { problem } = readPatch(t, fields, text);
  const problems = problem
    ? [problem]
    : [
        ...props.problems.general,
        ...Object.entries(props.problems.byField).map(
          ([id, message]) => `${id}: ${message}`,
        ),
      ];
  const change = (next: string) => {
    setText(next);
    const read = readPatch(t, fields, next);
    props.onBroken(read.patch === undefined);
    if (read.patch) {
      props.onChange(draftOf(fields, read.patch));
    }
  };
  return (
    <div>
      <TextAreaField
        className={styles.json}
        label={t('settings.form.json')}
        description={t('settings.form.jsonHint')}
        rows={18}
        value={text}
        isDisabled={props.isReadOnly}
        isInvalid={problems.length > 0}
        aria-describedby={problems.length > 0 ? problemsId : undefined}
        onChange={change}
      />
      {problems.length > 0 && (
        <ul id={problemsId} className={styles.problems}>
          {problems.map(sentence => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function readPatch(
  t: TextFunction,
  fields: readonly SettingField[],
  text: string,
): { patch?: JsonObject; problem?: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    return { problem: t('settings.form.jsonBroken', { message }) };
  }
  if (!isObject(value)) {
    return { problem: t('settings.form.jsonNotObject') };
  }
  const [unknown] = unknownPaths(fields, value, []);
  return unknown === undefined
    ? { patch: value }
    : { problem: t('settings.form.unknown', { name: unknown }) };
}

/** Paths of a patch that lead to no setting: a draft would lose them without a word. */
function unknownPaths(
  fields: readonly SettingField[],
  patch: JsonObject,
  path: readonly string[],
): string[] {
  return Object.keys(patch).flatMap(key => {
    const here = [...path, key];
    const id = here.join('.');
    if (fields.some(field => field.id === id)) {
      return [];
    }
    const child = valueAt(patch, [key]);
    const isRemoval =
      child === null &&
      fields.some(field => field.removableParent?.join('.') === id);
    const isOnTheWay = fields.some(field => field.id.startsWith(`${id}.`));
    if (isRemoval) {
      return [];
    }
    return isOnTheWay && isObject(child)
      ? unknownPaths(fields, child, here)
      : [id];
  });
}
