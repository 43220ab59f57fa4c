import type { Knex } from 'knex';
import type { NovelLines } from '../search/LogSearcher';
import { DatabaseTemplatesStore } from './DatabaseTemplatesStore';
import type { LineTemplates } from './LineTemplates';

/** Pipelines whose templates are kept in memory. */
const MAX_PIPELINES = 20;
/** Answers that are kept while one log is searched. */
const MAX_ANSWERS = 50_000;

/** Tells which lines of a pipeline no successful run has written. */
export class TemplatesService {
  readonly #store: DatabaseTemplatesStore;
  /** By pipeline, the one that was used last at the end. */
  readonly #kept = new Map<
    string,
    { learntAt: string | undefined; templates: LineTemplates }
  >();

  constructor(options: { knex: Knex }) {
    this.#store = new DatabaseTemplatesStore(options.knex);
  }

  /** While nothing was learnt yet, no line is novel. */
  async novelLines(pipelineId: string): Promise<NovelLines> {
    const learnt = await this.#store.readModel(pipelineId);
    if (learnt.runs === 0) {
      return { learnt, isNovel: () => false };
    }
    const templates = await this.#templatesOf(pipelineId, learnt.learntAt);
    return { learnt, isNovel: withMemory(text => !templates.knows(text)) };
  }

  async #templatesOf(
    pipelineId: string,
    learntAt: string | undefined,
  ): Promise<LineTemplates> {
    const known = this.#kept.get(pipelineId);
    this.#kept.delete(pipelineId);
    const templates =
      known && known.learntAt === learntAt
        ? known.templates
        : await this.#load(pipelineId);
    this.#kept.set(pipelineId, { learntAt, templates });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_PIPELINES) {
      this.#kept.delete(oldest);
    }
    return templates;
  }

  async #load(pipelineId: string): Promise<LineTemplates> {
    const templates = await this.#store.readTemplates(pipelineId);
    templates.seal();
    return templates;
  }
}

/** Longest line whose answer is remembered, characters. */
const MAX_REMEMBERED_LENGTH = 500;

const UUID =
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const HEX = /\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,128}\b/gi;

/** In lines like these the digits themselves can be what counts. */
const DIGITS_COUNT = /code|status|errno|signal|http/i;

/** The line with one id for every id of its kind and length, and 0 for every digit. */
function shapeOf(text: string): string {
  return text
    .replace(UUID, id => id.replace(/[0-9a-f]/gi, '0'))
    .replace(HEX, id => 'a'.padEnd(id.length, '0'))
    .replace(/\d/g, '0');
}

/** Remembers the answer for lines that differ only in digits and ids, of which a log has very many. */
export function withMemory(
  isNovel: (text: string) => boolean,
): (text: string) => boolean {
  const answers = new Map<string, boolean>();
  return text => {
    if (text.length > MAX_REMEMBERED_LENGTH || DIGITS_COUNT.test(text)) {
      return isNovel(text);
    }
    const shape = shapeOf(text);
    let answer = answers.get(shape);
    if (answer === undefined) {
      answer = isNovel(text);
      if (answers.size >= MAX_ANSWERS) {
        answers.clear();
      }
      answers.set(shape, answer);
    }
    return answer;
  };
}
