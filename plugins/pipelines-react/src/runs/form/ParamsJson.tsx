import { useState } from 'react';
import { TextAreaField } from '@backstage/ui';
import { useText } from '../../translation/useText';
import type { Parameters, ParamsProblem } from './parameters';
import styles from './ParamsForm.module.css';

const NOT_AN_OBJECT = 'not an object';

/** Props of {@link ParamsJson}. @internal */
export interface ParamsJsonProps {
  value: Parameters;
  isDisabled?: boolean;
  problemsOf(value: Parameters): ParamsProblem[];
  onChange(value: Parameters): void;
  onBroken(message: string): void;
}

/** Parameters as JSON text; what is typed stays, also while it cannot be read. @internal */
export function ParamsJson(props: ParamsJsonProps) {
  const t = useText();
  const [text, setText] = useState(() => JSON.stringify(props.value, null, 2));
  const { value, problem } = readObject(text);
  const sentence = (message: string) =>
    message === NOT_AN_OBJECT
      ? t('runs.form.jsonNotObject')
      : t('runs.form.jsonBroken', { message });
  const problems = value
    ? props
        .problemsOf(value)
        .map(({ path, message }) => [path, message].filter(Boolean).join(': '))
    : [sentence(problem ?? '')];
  const change = (next: string) => {
    setText(next);
    const read = readObject(next);
    if (read.value) {
      props.onChange(read.value);
    } else {
      props.onBroken(sentence(read.problem ?? ''));
    }
  };
  return (
    <div className={styles.field}>
      <TextAreaField
        className={styles.json}
        label={t('runs.form.jsonLabel')}
        rows={12}
        value={text}
        isDisabled={props.isDisabled}
        isInvalid={problems.length > 0}
        aria-describedby={
          problems.length > 0 ? 'params-json-problems' : undefined
        }
        onChange={change}
      />
      {problems.length > 0 && (
        <ul id="params-json-problems" className={styles.problems}>
          {problems.map(sentenceOfOne => (
            <li key={sentenceOfOne} className={styles.problem}>
              {sentenceOfOne}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function readObject(text: string): { value?: Parameters; problem?: string } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { value: value as Parameters }
      : { problem: NOT_AN_OBJECT };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
