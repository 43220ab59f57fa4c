import { MAX_DURATION_SECONDS } from '@millrace/backstage-plugin-pipelines-common';

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  '': 1,
  s: 1,
  m: 60,
  min: 60,
  h: 3_600,
  d: 86_400,
};

/**
 * Reads a length of time as somebody types it: `90`, `90 s`, `5 m`, `1 h 30 m`, `2d`.
 *
 * @returns seconds; undefined when it is no length of time, or one of more than ten years
 */
export function readDuration(text: string): number | undefined {
  const parts = [
    ...text
      .trim()
      .toLowerCase()
      .matchAll(/(\d{1,9})\s*([a-z]*)/g),
  ];
  const isWhole =
    parts
      .map(([part]) => part)
      .join(' ')
      .replace(/\s/g, '') === text.toLowerCase().replace(/\s/g, '');
  const seconds = parts.reduce(
    (sum, [, number, unit]) =>
      sum + Number(number) * (UNIT_SECONDS[unit] ?? NaN),
    0,
  );
  return parts.length > 0 && isWhole && seconds <= MAX_DURATION_SECONDS
    ? seconds
    : undefined;
}
