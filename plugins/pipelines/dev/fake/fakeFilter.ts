import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import { timeOfRunId } from '../../src/runs/timeOfRunId';

const LABEL_PREFIX = 'label.';
const MIN_ID_LENGTH = 8;

/** Whether a run is of the pipelines, entities and owners that a query asks for. */
export function matchesScope(run: RunDetail, query: URLSearchParams): boolean {
  return (
    includes(query.get('pipeline'), run.pipelineId) &&
    includes(query.get('entity'), run.entity) &&
    includes(query.get('owner'), run.owner)
  );
}

/** Whether a run is in the list that this query of `GET /runs` asks for. */
export function matches(run: RunDetail, query: URLSearchParams): boolean {
  const from = query.get('from');
  const to = query.get('to');
  const q = query.get('q');
  // Bounds of time are bounds of ids.
  const idTime = timeOfRunId(run.id);
  return (
    matchesScope(run, query) &&
    excludes(query.get('pipeline.not'), run.pipelineId) &&
    includes(query.get('state'), run.state) &&
    excludes(query.get('state.not'), run.state) &&
    includes(query.get('trigger'), run.trigger) &&
    excludes(query.get('trigger.not'), run.trigger) &&
    includes(query.get('submittedBy'), run.submittedBy) &&
    [...query].every(
      ([name, value]) =>
        !name.startsWith(LABEL_PREFIX) ||
        run.labels[name.slice(LABEL_PREFIX.length)] === value,
    ) &&
    (!q || hasText(run, q)) &&
    isAsLong(run, query) &&
    (!from || idTime >= Date.parse(from)) &&
    (!to || idTime < Date.parse(to))
  );
}

function includes(list: string | null, value: string | undefined): boolean {
  return list === null || list.split(',').includes(value ?? '');
}

function excludes(list: string | null, value: string): boolean {
  return list === null || !list.split(',').includes(value);
}

function hasText(run: RunDetail, q: string): boolean {
  const wanted = q.toLowerCase();
  const texts = [
    run.title,
    run.error?.message ?? '',
    run.summary ?? '',
    JSON.stringify(run.parameters),
  ];
  return (
    texts.some(text => text.toLowerCase().includes(wanted)) ||
    (q.length >= MIN_ID_LENGTH &&
      (run.id.startsWith(wanted) || run.id.endsWith(wanted)))
  );
}

function isAsLong(run: RunDetail, query: URLSearchParams): boolean {
  const least = query.get('minDuration');
  const most = query.get('maxDuration');
  if (least === null && most === null) {
    return true;
  }
  const start = run.startedAt ? Date.parse(run.startedAt) : NaN;
  const end = run.finishedAt ? Date.parse(run.finishedAt) : Date.now();
  const seconds = (end - start) / 1_000;
  return seconds >= Number(least ?? 0) && seconds <= Number(most ?? Infinity);
}
