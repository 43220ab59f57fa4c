import { LabelsSchema } from '@millrace/backstage-plugin-pipelines-common';

/** Labels read from text, or the first line that is wrong, counted from 1. */
export type ParsedLabels =
  | { labels: Record<string, string>; wrongLine?: undefined }
  | { labels?: undefined; wrongLine: number };

/** Most labels of a run. */
export const MAX_LABELS = 20;

/** Reads one `name=value` per line; empty lines are nothing. */
export function parseLabels(text: string): ParsedLabels {
  const labels: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    const match = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(line);
    const isWrong =
      line.trim() !== '' &&
      (!match || !LabelsSchema.safeParse({ [match[1]]: match[2] }).success);
    if (isWrong) {
      return { wrongLine: index + 1 };
    }
    if (match) {
      labels[match[1]] = match[2];
    }
  }
  return Object.keys(labels).length > MAX_LABELS
    ? { wrongLine: MAX_LABELS + 1 }
    : { labels };
}

/** The text form of labels. */
export function formatLabels(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}
