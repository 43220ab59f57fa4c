// @ts-check
const { secretForms } = require('./secretForms');

const MARKER = Buffer.from('[redacted]');

/**
 * Patterns as an Aho-Corasick automaton: one step per byte, whatever the number of patterns.
 *
 * @remarks
 * The state after a byte stands for the longest suffix of the input that begins a pattern;
 * `depth` is its length, `match` the length of the longest pattern that ends there.
 *
 * @typedef {object} Automaton
 * @property {Uint8Array} classOf
 * @property {number} classes
 * @property {Int32Array} next
 * @property {Int32Array} depth
 * @property {Int32Array} match
 */

/**
 * @param {Buffer[]} patterns
 * @returns {Automaton}
 */
function buildAutomaton(patterns) {
  // Bytes that are in no pattern share class 0, which keeps the table small.
  const classOf = new Uint8Array(256);
  let classes = 1;
  for (const byte of new Set(patterns.flatMap(pattern => [...pattern]))) {
    // When all 256 bytes are in use no other byte needs class 0, and the last one takes it.
    classOf[byte] = classes % 256;
    classes += 1;
  }
  const states = 1 + patterns.reduce((sum, { length }) => sum + length, 0);
  const automaton = {
    classOf,
    classes,
    next: new Int32Array(states * classes),
    depth: new Int32Array(states),
    match: new Int32Array(states),
  };
  const count = addPatterns(automaton, patterns);
  linkFailures(automaton, count);
  return automaton;
}

/**
 * @param {Automaton} automaton
 * @param {Buffer[]} patterns
 * @returns {number} states in use
 */
function addPatterns({ classOf, classes, next, depth, match }, patterns) {
  let count = 1;
  for (const pattern of patterns) {
    let state = 0;
    for (const byte of pattern) {
      const edge = state * classes + classOf[byte];
      if (next[edge] === 0) {
        depth[count] = depth[state] + 1;
        next[edge] = count;
        count += 1;
      }
      state = next[edge];
    }
    match[state] = pattern.length;
  }
  return count;
}

/**
 * Fills in where each state goes on a byte that does not continue its pattern.
 *
 * @param {Automaton} automaton
 * @param {number} count
 */
function linkFailures({ classes, next, match }, count) {
  const failure = new Int32Array(count);
  const order = [0];
  for (const state of order) {
    for (let symbol = 0; symbol < classes; symbol++) {
      const edge = state * classes + symbol;
      const onFailure = state ? next[failure[state] * classes + symbol] : 0;
      const target = next[edge];
      if (target === 0) {
        next[edge] = onFailure;
      } else {
        failure[target] = onFailure;
        match[target] ||= match[onFailure];
        order.push(target);
      }
    }
  }
}

/**
 * Replaces secrets in a stream of bytes by `[redacted]`, across the borders of chunks too.
 *
 * @remarks
 * Holds back only the end of the input that may yet become a secret. Secrets that overlap are
 * replaced together.
 */
class Redactor {
  #state = 0;
  /** The bytes that are held back. */
  #held = Buffer.alloc(0);
  /** Found and not written yet, relative to what is held back. @type {number[][]} */
  #found = [];

  /** @param {Automaton | undefined} automaton from {@link Redactor.prepare} */
  constructor(automaton) {
    this.automaton = automaton;
  }

  /**
   * @param {string[]} secrets
   * @returns {Automaton | undefined} nothing when there is nothing to look for
   */
  static prepare(secrets) {
    const forms = secretForms(secrets);
    return forms.length > 0 ? buildAutomaton(forms) : undefined;
  }

  /**
   * @param {Buffer} chunk may be reused by the caller after the call
   * @param {(bytes: Buffer) => void} emit is given views that live as long as the call
   */
  push(chunk, emit) {
    if (!this.automaton) {
      emit(chunk);
      return;
    }
    const data =
      this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#scan(data, this.#held.length);
    const decided = data.length - this.automaton.depth[this.#state];
    this.#write(data, decided, emit);
    this.#held = Buffer.from(data.subarray(decided));
  }

  /** @param {(bytes: Buffer) => void} emit is given what was held back at the end */
  end(emit) {
    this.#write(this.#held, this.#held.length, emit);
    this.#held = Buffer.alloc(0);
    this.#state = 0;
  }

  /**
   * @param {Buffer} data
   * @param {number} from
   */
  #scan(data, from) {
    const { classOf, classes, next, match } = /** @type {Automaton} */ (
      this.automaton
    );
    let state = this.#state;
    for (let index = from; index < data.length; index++) {
      state = next[state * classes + classOf[data[index]]];
      if (match[state] !== 0) {
        this.#add(index + 1 - match[state], index + 1);
      }
    }
    this.#state = state;
  }

  /**
   * @param {number} start
   * @param {number} end
   */
  #add(start, end) {
    let from = start;
    for (
      let last = this.#found.at(-1);
      last && last[1] >= from;
      last = this.#found.at(-1)
    ) {
      from = Math.min(from, last[0]);
      this.#found.pop();
    }
    this.#found.push([from, end]);
  }

  /**
   * @param {Buffer} data
   * @param {number} decided
   * @param {(bytes: Buffer) => void} emit
   */
  #write(data, decided, emit) {
    let cursor = 0;
    const open = [];
    for (const [start, end] of this.#found) {
      if (start < decided) {
        if (start > cursor) {
          emit(data.subarray(cursor, start));
        }
        // A negative start was marked by an earlier call.
        if (start >= 0) {
          emit(MARKER);
        }
        cursor = Math.min(end, decided);
      }
      if (end > decided) {
        open.push([start - decided, end - decided]);
      } else if (end === decided && start < decided) {
        // Kept with no length, so that a secret that overlaps or follows joins the mark.
        open.push([start - decided, 0]);
      }
    }
    if (cursor < decided) {
      emit(data.subarray(cursor, decided));
    }
    this.#found = open;
  }
}

module.exports = { Redactor };
