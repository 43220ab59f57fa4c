import { TextField } from '@backstage/ui';
import { useText } from '../translation/useText';
import { formatNumber } from './format';

/** More than this many are only confirmed by whoever types how many they are. */
const MOST_WITHOUT_TYPING = 100;

/** Props of {@link TypedCount}. @public */
export interface TypedCountProps {
  /** How many it will be done to. */
  count: number;
  value: string;
  onChange(value: string): void;
}

/** Asks to type how many something will be done to, where they are more than 100. @public */
export function TypedCount({ count, value, onChange }: TypedCountProps) {
  const t = useText();
  return count > MOST_WITHOUT_TYPING ? (
    <TextField
      label={t('ui.confirm.typeCount', { number: formatNumber(count) })}
      inputMode="numeric"
      autoComplete="off"
      value={value}
      onChange={onChange}
    />
  ) : null;
}

/** Whether what was typed in a {@link TypedCount} is the number, where it must be; separators do not matter. @public */
export function isCountTyped(count: number, value: string): boolean {
  return (
    count <= MOST_WITHOUT_TYPING || value.replace(/\D/g, '') === String(count)
  );
}
