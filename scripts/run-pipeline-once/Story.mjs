// @ts-check
/**
 * What is said of a run, one record after the other; the number of a record is its sequence.
 *
 * @typedef {object} Begin
 * @property {'begin'} type
 * @property {string} at
 * @property {string} portal
 * @property {string} reporter
 * @property {string} externalId
 * @property {Record<string, unknown>} report what every report of the run says
 *
 * @typedef {{ type: 'child', pid: number, started?: string }} Child
 * @typedef {{ type: 'log', stream: 'stdout' | 'stderr', to: number }} Log the bytes up to there
 * @typedef {{ type: 'step', at: string, name: string, status: StepState, message?: string }} Step
 * @typedef {{ type: 'progress', progress: number, message?: string }} Progress
 * @typedef {{ type: 'output', name: string, json: unknown }} Output
 * @typedef {{ type: 'metric', name: string, value: number }} Metric
 * @typedef {{ type: 'summary', text: string }} Summary
 * @typedef {{ type: 'artifact', name: string, file: string, mediaType?: string }} Artifact
 * @typedef {{ type: 'alive' }} Alive
 * @typedef {{ type: 'end', at: string, state: string, error?: RunError }} End
 * @typedef {Begin | Child | Log | Step | Progress | Output | Metric | Summary | Artifact | Alive
 *   | End} Record_
 *
 * @typedef {{ message: string, kind?: string, exitCode?: number, signal?: string }} RunError
 * @typedef {'pending' | 'running' | 'succeeded' | 'failed' | 'skipped'} StepState
 * @typedef {{ name: string, state: StepState, message?: string, startedAt?: string,
 *   finishedAt?: string }} ReportedStep
 * @typedef {{ stream: 'stdout' | 'stderr', from: number, to: number }} Segment
 */

const MAX_STEPS = 1_000;
const MAX_OUTPUTS = 100;
const MAX_METRICS = 100;

/** The story of a run so far, told by its records. */
export class Story {
  /** Number of the last record that a report tells of. */
  sequence = -1;
  /** Number of the last record of a step. */
  stepsSequence = -1;
  /** @type {Begin | undefined} */
  begin;
  /** @type {Child | undefined} */
  child;
  /** @type {End | undefined} */
  end;
  /** What is not sent yet of the log. @type {Segment[]} */
  segments = [];
  /** Bytes of the log. */
  logBytes = 0;
  /** @type {Artifact[]} */
  artifacts = [];
  #count = 0;
  /** @type {Map<string, ReportedStep>} */
  #steps = new Map();
  /** @type {Record<string, unknown>} */
  #progress = {};
  /** @type {Record<string, unknown>} */
  #outputs = {};
  /** @type {Record<string, number>} */
  #metrics = {};

  /** @param {Record_} record */
  add(record) {
    const sequence = this.#count++;
    switch (record.type) {
      case 'begin':
        this.begin = record;
        break;
      case 'child':
        this.child = record;
        return;
      case 'log':
        this.#addLog(record);
        return;
      case 'step':
        this.#addStep(record, sequence);
        return;
      case 'artifact':
        this.artifacts.push(record);
        return;
      case 'progress':
        this.#progress.progress = record.progress;
        if (record.message !== undefined) {
          this.#progress.progressMessage = record.message;
        }
        break;
      case 'summary':
        this.#progress.summary = record.text;
        break;
      case 'output':
        put(this.#outputs, record.name, record.json, MAX_OUTPUTS);
        break;
      case 'metric':
        put(this.#metrics, record.name, record.value, MAX_METRICS);
        break;
      case 'end':
        this.end = record;
        break;
      default: // Only that it goes on
    }
    this.sequence = sequence;
  }

  /** All steps so far, in the order of their first appearance. */
  get steps() {
    return [...this.#steps.values()];
  }

  /**
   * The report of the run as it stands.
   *
   * @param {{ ended: boolean }} how with its end, if there was one, or as if it went on
   */
  report({ ended }) {
    const end = ended ? this.end : undefined;
    return {
      ...this.begin?.report,
      state: end?.state ?? 'running',
      startedAt: this.begin?.at,
      ...(end && { finishedAt: end.at, error: end.error }),
      ...this.#progress,
      ...(Object.keys(this.#metrics).length > 0 && { metrics: this.#metrics }),
      ...(Object.keys(this.#outputs).length > 0 && { outputs: this.#outputs }),
      // An end that is not told yet must not be late afterwards.
      sequence: this.end && !end ? this.sequence - 1 : this.sequence,
    };
  }

  /** @param {Log} record */
  #addLog({ stream, to }) {
    const last = this.segments.at(-1);
    if (last?.stream === stream && last.to === this.logBytes) {
      last.to = to;
    } else {
      this.segments.push({ stream, from: this.logBytes, to });
    }
    this.logBytes = to;
  }

  /**
   * @param {Step} record
   * @param {number} sequence
   */
  #addStep({ at, name, status, message }, sequence) {
    const before = this.#steps.get(name);
    if (!before && this.#steps.size >= MAX_STEPS) {
      return;
    }
    const hasStarted = status !== 'pending' && status !== 'skipped';
    const isOver = status !== 'pending' && status !== 'running';
    this.#steps.set(name, {
      name,
      state: status,
      message: message ?? before?.message,
      startedAt: before?.startedAt ?? (hasStarted ? at : undefined),
      finishedAt: isOver ? at : undefined,
    });
    this.stepsSequence = sequence;
  }
}

/**
 * @template T
 * @param {Record<string, T>} object
 * @param {string} name
 * @param {T} value
 * @param {number} most
 */
function put(object, name, value, most) {
  if (Object.hasOwn(object, name) || Object.keys(object).length < most) {
    Object.defineProperty(object, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
}
