import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type {
  LogLines,
  LogLinesQuery,
  LogQueryTerms,
  LogSearch,
  LogSearchQuery,
} from '@millrace/backstage-plugin-pipelines-common';
import type { ReadableRuns } from '../types';
import type { LineRange, LogSearcher, NovelLines } from './LogSearcher';

interface CallOptions {
  credentials: BackstageCredentials;
}

/** Tells novel lines of a pipeline; see `TemplatesService`. */
export interface NovelLinesSource {
  novelLines(pipelineId: string): Promise<NovelLines>;
}

/** Searches logs of runs that the caller may see; of all others it says that there are none. */
export class AuthorizedLogSearch {
  readonly #searcher: LogSearcher;
  readonly #runs: ReadableRuns;
  readonly #templates: NovelLinesSource;

  constructor(options: {
    searcher: LogSearcher;
    runs: ReadableRuns;
    templates: NovelLinesSource;
  }) {
    this.#searcher = options.searcher;
    this.#runs = options.runs;
    this.#templates = options.templates;
  }

  /**
   * {@inheritDoc LogSearcher.search}
   *
   * @throws NotFoundError also when the caller may not see the run; InputError when there is no
   * such step, or nobody knows which lines it wrote
   */
  async search(
    runId: string,
    query: LogSearchQuery,
    options: CallOptions & { signal: AbortSignal },
  ): Promise<LogSearch> {
    const run = await this.#runs.identifyRun(runId, options);
    const terms = allTermsOf(query);
    const attempt = terms.attempt ?? run.attempt;
    const within =
      terms.step === undefined
        ? undefined
        : await this.#linesOfStep(runId, attempt, terms.step, options);
    const novel = terms.novel
      ? await this.#templates.novelLines(run.pipelineId)
      : undefined;
    const { from, index, near, limit } = query;
    return this.#searcher.search(
      runId,
      {
        // The lines of a step are those of one attempt, even if another one begins meanwhile
        terms: within ? { ...terms, attempt } : terms,
        from,
        index,
        near,
        limit,
        within,
        novel,
      },
      options.signal,
    );
  }

  /**
   * {@inheritDoc LogSearcher.readLines}
   *
   * @throws NotFoundError also when the caller may not see the run
   */
  async readLines(
    runId: string,
    query: LogLinesQuery,
    options: CallOptions,
  ): Promise<LogLines> {
    await this.#runs.identifyRun(runId, options);
    return this.#searcher.readLines(runId, query);
  }

  async #linesOfStep(
    runId: string,
    attempt: number,
    name: string,
    options: CallOptions,
  ): Promise<LineRange> {
    const steps = await this.#runs.listSteps(runId, { attempt }, options);
    const step = steps.find(candidate => candidate.name === name);
    if (!step) {
      throw new InputError(
        `Attempt ${attempt} has no step '${name}'; its steps are: ${
          steps.map(known => known.name).join(', ') || 'none'
        }`,
      );
    }
    if (step.startedAt && step.firstLine === undefined) {
      throw new InputError(
        `Nobody has counted which lines step '${name}' wrote, because it ran elsewhere or before lines were counted; search without 'step'`,
      );
    }
    const { firstLine = 0, endLine = Infinity } = step;
    // A step that has not begun has written nothing
    return step.firstLine === undefined
      ? { from: 0, to: 0 }
      : { from: firstLine, to: endLine };
  }
}

/** What the text of the query asks for together with the other parameters. */
function allTermsOf(query: LogSearchQuery): LogQueryTerms {
  const { q, level, step, stream, attempt } = query;
  return {
    ...q,
    levels:
      q.levels && level
        ? q.levels.filter(item => level.includes(item))
        : q.levels ?? level,
    step: q.step ?? step,
    stream: q.stream ?? stream,
    attempt: q.attempt ?? attempt,
  };
}
