/** Something that was said, and when. @internal */
export interface AnalysisLine {
  text: string;
  /** Seconds from the beginning. */
  at?: number;
  /** What it is, such as `decision`. */
  kind?: string;
}

/** A topic with its weight. @internal */
export interface AnalysisTopic {
  term: string;
  /** Share of the heaviest topic, 0 to 1. */
  share: number;
  /** As the document has it. */
  weight?: number;
}

/** What an output called `analysis` says. @internal */
export interface Analysis {
  title?: string;
  summary: AnalysisLine[];
  insights: AnalysisLine[];
  topics: AnalysisTopic[];
  /** Whatever else it has, to be shown as any other document. */
  rest: Record<string, unknown>;
}

type Fields = Record<string, unknown>;

/**
 * Reads an analysis: `summary` and `insights` are texts or objects with `text`, and `at` in
 * seconds; `topics` are texts or objects with `term` and `weight`. Undefined for any other
 * document.
 *
 * @internal
 */
export function readAnalysis(json: unknown): Analysis | undefined {
  if (!isFields(json)) {
    return undefined;
  }
  const { title, summary, insights, topics, ...rest } = json;
  const analysis = {
    title: textOf(title),
    summary: listOf(summary).flatMap(item => lineOf(item) ?? []),
    insights: listOf(insights).flatMap(item => lineOf(item) ?? []),
    topics: withShares(listOf(topics).flatMap(item => topicOf(item) ?? [])),
    rest,
  };
  const { length } = [
    ...analysis.summary,
    ...analysis.insights,
    ...analysis.topics,
  ];
  return length > 0 ? analysis : undefined;
}

function lineOf(item: unknown): AnalysisLine | undefined {
  if (typeof item === 'string') {
    return { text: item };
  }
  const text = isFields(item) ? textOf(item.text) : undefined;
  return isFields(item) && text !== undefined
    ? { text, at: numberOf(item.at), kind: textOf(item.kind) }
    : undefined;
}

function topicOf(item: unknown): Omit<AnalysisTopic, 'share'> | undefined {
  if (typeof item === 'string') {
    return { term: item };
  }
  const term = isFields(item)
    ? textOf(item.term) ?? textOf(item.topic) ?? textOf(item.name)
    : undefined;
  return isFields(item) && term !== undefined
    ? { term, weight: numberOf(item.weight) }
    : undefined;
}

function withShares(topics: Omit<AnalysisTopic, 'share'>[]): AnalysisTopic[] {
  const heaviest = Math.max(0, ...topics.map(({ weight = 0 }) => weight));
  return topics.map(topic => ({
    ...topic,
    share:
      heaviest > 0
        ? Math.max(0, Math.min(1, (topic.weight ?? 0) / heaviest))
        : 0,
  }));
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value)
    ? value
    : [value].filter(item => item !== undefined);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value)
    ? value
    : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
