/** Something odd in a record that is loaded all the same. */
export type Warning = {
  code: WarningCode;
  /** Place in the record, such as `agendaItems[0].actionItems[2].dueDate`. */
  field: string;
  message: string;
};

/** Every kind of warning. */
export type WarningCode =
  | 'action-without-text'
  | 'ambiguous-date'
  | 'date-not-iso'
  | 'decision-without-text'
  | 'invalid-utf8'
  | 'link-in-title'
  | 'link-missing'
  | 'not-a-link'
  | 'not-a-list'
  | 'too-long'
  | 'unknown-effect'
  | 'unknown-status'
  | 'unparsable-date'
  | 'unstorable-text'
  | 'workgroup-id-missing'
  | 'wrong-type';

/** A key that the schema does not know, with its value as it was read. */
export type UnknownKey = { field: string; path: string; value: unknown };

/** How often a field was there, and how often it could be normalized. */
export type Coverage = { raw: number; normalized: number };

/** A place in a record: exact for people, general (without list positions) for counting. */
export class FieldPath {
  static readonly root = new FieldPath('', '');

  readonly exact: string;
  readonly general: string;

  private constructor(exact: string, general: string) {
    this.exact = exact;
    this.general = general;
  }

  /** The place of a key inside the object at this place. */
  key(name: string): FieldPath {
    const join = (parent: string) => (parent ? `${parent}.${name}` : name);
    return new FieldPath(join(this.exact), join(this.general));
  }

  /** The place of an element inside the list at this place. */
  item(index: number): FieldPath {
    return new FieldPath(`${this.exact}[${index}]`, `${this.general}[]`);
  }
}

// A hostile record may be odd in a million places; the count stays right
const MAX_KEPT_WARNINGS = 200;
const MAX_KEPT_UNKNOWN_KEYS = 200;

/** Collects what is found while one record is read. */
export class Findings {
  readonly warnings: Warning[] = [];
  readonly warningCounts = new Map<WarningCode, number>();
  readonly unknownKeys: UnknownKey[] = [];
  readonly unknownCounts = new Map<string, number>();
  readonly coverage = new Map<string, Coverage>();

  /** All warnings, also those beyond what is kept in full. */
  get warningsCount(): number {
    return [...this.warningCounts.values()].reduce((sum, n) => sum + n, 0);
  }

  /** Adds a warning. */
  warn(code: WarningCode, path: FieldPath, message: string): void {
    this.warningCounts.set(code, (this.warningCounts.get(code) ?? 0) + 1);
    if (this.warnings.length < MAX_KEPT_WARNINGS) {
      this.warnings.push({ code, field: path.exact, message });
    }
  }

  /** Notes a field that is there and not empty. */
  present(path: FieldPath): void {
    const coverage = this.coverageOf(path);
    coverage.raw += 1;
    coverage.normalized += 1;
  }

  /** Takes back that a field, if it was noted as present, could be normalized. */
  lost(path: FieldPath): void {
    const coverage = this.coverage.get(path.general);
    if (coverage) {
      coverage.normalized -= 1;
    }
  }

  /** Keeps a key that the schema does not know. */
  unknown(path: FieldPath, value: unknown): void {
    const count = this.unknownCounts.get(path.general) ?? 0;
    this.unknownCounts.set(path.general, count + 1);
    if (this.unknownKeys.length < MAX_KEPT_UNKNOWN_KEYS) {
      this.unknownKeys.push({ field: path.exact, path: path.general, value });
    }
  }

  private coverageOf(path: FieldPath): Coverage {
    const known = this.coverage.get(path.general);
    if (known) {
      return known;
    }
    const added = { raw: 0, normalized: 0 };
    this.coverage.set(path.general, added);
    return added;
  }
}
