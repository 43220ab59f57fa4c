const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const pad = (value: number) => String(value).padStart(2, '0');

/**
 * A length of time in at most two units: `350 ms`, `4.2 s`, `42 s`, `3 m 05 s`, `1 h 04 m`, `2 d 03 h`.
 *
 * @param options - `whole`: no parts of a second, for text that ticks
 *
 * @public
 */
export function formatDuration(
  milliseconds: number,
  options: { whole?: boolean } = {},
): string {
  const ms = Math.max(0, milliseconds);
  if (options.whole && ms < MINUTE_MS) {
    return `${Math.floor(ms / SECOND_MS)} s`;
  }
  if (ms < SECOND_MS) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < 9.95 * SECOND_MS) {
    return `${(ms / SECOND_MS).toFixed(1)} s`;
  }
  const seconds = options.whole
    ? Math.floor(ms / 1_000)
    : Math.round(ms / 1_000);
  if (seconds < 60) {
    return `${seconds} s`;
  }
  if (seconds < 3_600) {
    return `${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 24 * 60) {
    return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} m`;
  }
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${pad(hours % 24)} h`;
}

/** An age in one unit, rounded down: `40 s`, `3 min`, `2 h`, `5 d`. @public */
export function formatAge(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < MINUTE_MS) {
    return `${Math.floor(ms / SECOND_MS)} s`;
  }
  if (ms < HOUR_MS) {
    return `${Math.floor(ms / MINUTE_MS)} min`;
  }
  if (ms < DAY_MS) {
    return `${Math.floor(ms / HOUR_MS)} h`;
  }
  return `${Math.floor(ms / DAY_MS)} d`;
}

const BYTE_UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** A size in decimal units: `512 bytes`, `1.2 KB`, `38 MB`. @public */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  const text = unit === 0 ? formatNumber(value) : value.toFixed(digits);
  return `${text} ${bytes === 1 ? 'byte' : BYTE_UNITS[unit]}`;
}

/** A whole number with separators as the reader's language has them: `1,204`. @public */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat().format(value);
}

/** A share as a percentage; never `0 %` or `100 %` for something that is not quite that. @public */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 1) {
    return '< 1 %';
  }
  if (percent > 99 && percent < 100) {
    return `${Math.floor(percent * 10) / 10} %`;
  }
  return `${Math.round(percent)} %`;
}

/** A time of day, `12:05`, or with the date where it is not today. @public */
export function formatClock(at: number | string, now = Date.now()): string {
  const date = new Date(at);
  const sameDay = date.toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(undefined, {
    ...(sameDay ? {} : { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(date);
}

/** Date, time to the second, and zone. @public */
export function formatExactTime(at: number | string): string {
  return new Intl.DateTimeFormat(undefined, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(new Date(at));
}
