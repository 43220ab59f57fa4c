import { cutText } from '../normalize/readParts.ts';
import { type Coverage, type Findings } from '../normalize/Findings.ts';

// A hostile file may invent a key for each record
const MAX_UNKNOWN_PATHS = 200;
const MAX_PATH_LENGTH = 200;
const OTHER_PATHS = '(other keys)';

/** Adds up what is found in the records that are not refused. */
export class Tally {
  private readonly warnings = new Map<string, number>();
  private readonly unknownKeys = new Map<string, number>();
  private readonly missingFields = new Map<string, number>();
  private readonly coverage = new Map<string, Coverage>();

  /** Adds one record. */
  add(findings: Findings, missingFields: string[]): void {
    for (const [code, count] of findings.warningCounts) {
      increase(this.warnings, code, count);
    }
    for (const [wholePath, count] of findings.unknownCounts) {
      const path = cutText(wholePath, MAX_PATH_LENGTH);
      const isListed =
        this.unknownKeys.has(path) || this.unknownKeys.size < MAX_UNKNOWN_PATHS;
      increase(this.unknownKeys, isListed ? path : OTHER_PATHS, count);
    }
    for (const field of missingFields) {
      increase(this.missingFields, field, 1);
    }
    for (const [path, { raw, normalized }] of findings.coverage) {
      const sum = this.coverage.get(path) ?? { raw: 0, normalized: 0 };
      sum.raw += raw;
      sum.normalized += normalized;
      this.coverage.set(path, sum);
    }
  }

  /** The sums, the most frequent first. */
  toJSON() {
    return {
      warnings: byCount(this.warnings),
      // A list, because a key such as __proto__ has no place as the key of an object
      unknownKeys: sorted(this.unknownKeys).map(([path, count]) => ({
        path,
        count,
      })),
      missingFields: byCount(this.missingFields),
      coverage: Object.fromEntries(
        [...this.coverage].sort(([a], [b]) => a.localeCompare(b)),
      ),
    };
  }
}

/** A map of counts as an object, the highest first. */
export function byCount(counts: Map<string, number>): Record<string, number> {
  return Object.fromEntries(sorted(counts));
}

function sorted(counts: Map<string, number>): [string, number][] {
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function increase(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
