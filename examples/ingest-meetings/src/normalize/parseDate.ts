import { DateTime, Info } from 'luxon';

/** A date as it was written, read as a day of the calendar. */
export type ParsedDate =
  | { kind: 'date'; date: string; isIso: boolean }
  | { kind: 'ambiguous' }
  | { kind: 'unparsable' };

/** The languages in which month names are understood. */
const MONTH_LOCALES = ['en', 'es', 'fr', 'de', 'pt', 'it'];

const MONTHS = new Map(
  MONTH_LOCALES.flatMap(locale =>
    (['long', 'short'] as const).flatMap(length =>
      Info.months(length, { locale }).map((name, index): [string, number] => [
        foldMonth(name),
        index + 1,
      ]),
    ),
  ),
);

const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$/;
const NUMBERS = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/;
const DAY_FIRST =
  /^(\d{1,2})(?:st|nd|rd|th|\.|º)?\s+(?:of\s+|de\s+)?([\p{L}]+)\.?,?\s+(?:de\s+)?(\d{4})$/iu;
const MONTH_FIRST = /^([\p{L}]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/iu;
// Longer text is not a date, and must not cost the time of four expressions
const MAX_DATE_LENGTH = 64;

/** Reads a day in the forms that people write: ISO, `15 January 2025`, `30 enero 2025`, `25/12/2024`. */
export function parseDate(written: string): ParsedDate {
  if (written.length > MAX_DATE_LENGTH) {
    return { kind: 'unparsable' };
  }
  const text = written.trim().replace(/\s+/g, ' ');
  const iso = ISO.exec(text);
  if (iso) {
    return day(iso[1], iso[2], iso[3], /^\d{4}-\d\d-\d\d$/.test(text));
  }
  const numbers = NUMBERS.exec(text);
  if (numbers) {
    return dayOrMonthFirst(Number(numbers[1]), Number(numbers[2]), numbers[3]);
  }
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst) {
    return named(dayFirst[3], dayFirst[2], dayFirst[1]);
  }
  const monthFirst = MONTH_FIRST.exec(text);
  return monthFirst
    ? named(monthFirst[3], monthFirst[1], monthFirst[2])
    : { kind: 'unparsable' };
}

function dayOrMonthFirst(
  first: number,
  second: number,
  year: string,
): ParsedDate {
  if (first <= 12 && second <= 12 && first !== second) {
    return { kind: 'ambiguous' };
  }
  return first > 12 ? day(year, second, first) : day(year, first, second);
}

function named(year: string, month: string, date: string): ParsedDate {
  const number = MONTHS.get(foldMonth(month));
  return number ? day(year, number, date) : { kind: 'unparsable' };
}

function day(
  year: string,
  month: string | number,
  date: string | number,
  isIso = false,
): ParsedDate {
  const parsed = DateTime.fromObject({
    year: Number(year),
    month: Number(month),
    day: Number(date),
  });
  const iso = parsed.isValid && parsed.year > 0 ? parsed.toISODate() : null;
  return iso ? { kind: 'date', date: iso, isIso } : { kind: 'unparsable' };
}

function foldMonth(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}|\./gu, '')
    .toLowerCase();
}
