import type { PipelinesFetch } from '@millrace/backstage-plugin-pipelines-common';
import { demoRuns } from './fake/demoRuns';
import { FakeBackend, FakeFailure } from './fake/FakeBackend';
import { fakeFetch } from './fake/fakeFetch';
import { demoWorkers } from './fake/FakeQueue';
import { editDemoSettings } from './fake/FakeSettings';
import { makeDemoTriggers } from './fake/FakeTriggers';
import { FAKE_TEAM, makeView } from './fake/FakeViews';
import { letTimePass } from './fake/letTimePass';
import { demoPipelines } from './fake/pipelines';

/** What the dev app can show: usual data, nothing yet, only failures, answers that never come, and a reader. */
export const SCENARIOS = [
  'data',
  'empty',
  'error',
  'loading',
  'readonly',
] as const;

/** One of {@link SCENARIOS}. */
export type Scenario = (typeof SCENARIOS)[number];

const STORAGE_KEY = 'millrace-dev-scenario';
const USUAL_DELAY_MS = 120;

/** The scenario of the address (`?dev=empty`), or the one that was chosen before. */
export function scenario(): Scenario {
  const wanted =
    new URLSearchParams(window.location.search).get('dev') ??
    window.sessionStorage.getItem(STORAGE_KEY);
  const found = SCENARIOS.find(name => name === wanted) ?? 'data';
  window.sessionStorage.setItem(STORAGE_KEY, found);
  return found;
}

/** Shows another scenario, from the beginning. */
export function chooseScenario(next: Scenario): void {
  window.sessionStorage.setItem(STORAGE_KEY, next);
  window.location.search = '';
}

/** A `fetch` that answers as the scenario says. */
export function fetchOfScenario(
  name: Scenario,
): PipelinesFetch & { fetch: typeof fetch } {
  const backend = new FakeBackend({
    pipelines: demoPipelines(),
    runs: name === 'empty' ? [] : demoRuns(),
  });
  if (name !== 'empty') {
    backend.queue.workers.push(...demoWorkers());
    editDemoSettings(backend.settings);
    makeDemoTriggers(backend);
    backend.views.items.push(
      makeView(),
      makeView({
        name: 'Long transcodes',
        query: 'pipeline=transcode&minDuration=600',
        owner: FAKE_TEAM,
      }),
    );
  }
  if (name === 'error') {
    backend.failures.set(
      /./,
      new FakeFailure(
        503,
        'ServiceUnavailableError',
        'The database does not answer',
      ),
    );
  }
  if (name === 'data' || name === 'readonly') {
    letTimePass(backend);
  }
  return fakeFetch(backend, {
    delayMs: name === 'loading' ? Infinity : USUAL_DELAY_MS,
  });
}
