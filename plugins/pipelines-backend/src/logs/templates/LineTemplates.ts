import { ANYTHING, ANY_WORD, kindOf, tokensOfLine } from './lineTokens';

/** So many plain words at one place make that place one that differs. */
const MAX_WORDS_AT_A_PLACE = 8;
/** Fewer words around it say too little to tell that it is the same place. */
const MIN_WORDS_AROUND = 3;
/** Most places whose words are counted; one that comes then keeps its words. */
const MAX_PLACES = 50_000;

/**
 * The templates of lines, learnt line by line.
 *
 * @remarks
 * After the idea of Drain (He, Zhu, Zheng, Lyu, 2017), but told apart by kind instead of by a
 * threshold. Only these rules, none of them made for some system:
 *
 * 1. Numbers, ids, times, addresses, quoted values and the like are placeholders from the start.
 * 2. Lines with the same plain words in the same order are of one kind and share a template.
 *    Names in it (see `isName`) stay until two lines differ there; then the place is anything.
 * 3. A plain word stays, because `failed` is not `done`, until eight different ones were seen at
 *    the same place of lines that are otherwise of one kind; then that place is anything, too.
 */
export class LineTemplates {
  readonly #maxTemplates: number;
  /** By kind. */
  readonly #templates = new Map<string, string[]>();
  /** By the kind without one of its words: which words were seen there. */
  readonly #places = new Map<string, Set<string>>();
  /** Kinds in which one place is anything, by the kind without that word. */
  readonly #open = new Set<string>();
  #isFull = false;

  constructor(options: {
    /** Most templates; what comes then is not learnt. */
    maxTemplates: number;
  }) {
    this.#maxTemplates = options.maxTemplates;
  }

  get size(): number {
    return this.#templates.size;
  }

  /** Something was not learnt, because there were too many templates. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Each template as text, by the text of its kind. */
  entries(): Array<{ kind: string; template: string }> {
    return [...this.#templates].map(([kind, tokens]) => ({
      kind,
      template: tokens.join(' '),
    }));
  }

  /** Learns a line as it was written. */
  learn(line: string): void {
    this.#learn(tokensOfLine(line));
  }

  /** Learns a template that others have learnt. */
  learnTemplate(template: string): void {
    this.#learn(template.split(' ').filter(token => token !== ''));
  }

  /** Forgets what only learning needs; what is learnt later is counted from here on. */
  seal(): void {
    this.#places.clear();
  }

  /** Whether a line is of a template that was learnt. An empty line always is. */
  knows(line: string): boolean {
    const tokens = tokensOfLine(line);
    const found = this.#find(tokens);
    return (
      tokens.length === 0 ||
      (found !== undefined &&
        found.every((token, index) => isOpen(token) || token === tokens[index]))
    );
  }

  /** The template of a line; undefined when its kind was not learnt. */
  templateOf(line: string): string | undefined {
    return this.#find(tokensOfLine(line))?.join(' ');
  }

  #learn(tokens: readonly string[]): void {
    if (tokens.length === 0) {
      return;
    }
    const kind = this.#kindOf(tokens);
    if (tokens.includes(ANY_WORD)) {
      this.#open.add(kind);
    }
    const known = this.#templates.get(kind);
    if (known) {
      generalize(known, tokens);
      return;
    }
    if (this.#templates.size >= this.#maxTemplates) {
      this.#isFull = true;
      return;
    }
    this.#templates.set(kind, [...tokens]);
    this.#countWords(kind.split(' '));
  }

  #find(tokens: readonly string[]): string[] | undefined {
    return this.#templates.get(this.#kindOf(tokens));
  }

  /** The kind of a line, with open places being anything. */
  #kindOf(tokens: readonly string[]): string {
    const kind = kindOf(tokens);
    if (this.#open.size === 0 || this.#templates.has(kind)) {
      return kind;
    }
    const words = kind.split(' ');
    const open = words.findIndex(
      (word, index) =>
        word !== ANYTHING && this.#open.has(without(words, index)),
    );
    return open < 0 ? kind : without(words, open);
  }

  /** Notes the plain words of a new kind, and opens a place that has had too many. */
  #countWords(words: readonly string[]): void {
    const plain = words.filter(word => word !== ANYTHING).length;
    if (plain <= MIN_WORDS_AROUND) {
      return;
    }
    for (const [index, word] of words.entries()) {
      if (word !== ANYTHING && mayDiffer(word)) {
        const seen = this.#wordsAt(without(words, index));
        seen?.add(word);
        if (seen && seen.size >= MAX_WORDS_AT_A_PLACE) {
          this.#openPlace(words, index, seen);
          return;
        }
      }
    }
  }

  /** The words that were seen there; undefined for a place too many. */
  #wordsAt(place: string): Set<string> | undefined {
    let seen = this.#places.get(place);
    if (!seen && this.#places.size < MAX_PLACES) {
      seen = new Set();
      this.#places.set(place, seen);
    }
    return seen;
  }

  /** Makes one template of those that differ only there. */
  #openPlace(
    words: readonly string[],
    index: number,
    seen: ReadonlySet<string>,
  ): void {
    const place = without(words, index);
    const parts = [...seen].flatMap(word => {
      const kind = words.with(index, word).join(' ');
      const tokens = this.#templates.get(kind);
      this.#templates.delete(kind);
      return tokens ? [tokens] : [];
    });
    const [first, ...rest] = parts;
    rest.forEach(tokens => generalize(first, tokens));
    first[index] = ANY_WORD;
    // Lines with a name there are of this kind already
    const known = this.#templates.get(place);
    if (known) {
      generalize(first, known);
    }
    this.#open.add(place);
    this.#places.delete(place);
    this.#templates.set(place, first);
  }
}

const LEVEL_WORD =
  /^\W*(?:fatal|critical|error|err|severe|warn|warning|info|notice|debug|trace)\W*$/i;

/** Levels and exceptions never become anything: they are what one looks for. */
function mayDiffer(word: string): boolean {
  return !LEVEL_WORD.test(word) && !/(?:Error|Exception)\W*$/.test(word);
}

function without(words: readonly string[], index: number): string {
  return words.with(index, ANYTHING).join(' ');
}

function isOpen(token: string): boolean {
  return token === ANYTHING || token === ANY_WORD;
}

/** Makes the places of a template anything at which these words differ from it. */
function generalize(template: string[], tokens: readonly string[]): void {
  for (const [index, token] of template.entries()) {
    if (token !== tokens[index] && !isOpen(token)) {
      template[index] = ANYTHING;
    }
  }
}
