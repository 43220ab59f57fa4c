import type { JsonObject } from '@backstage/types';
import type { PatchProblem } from '../definitions';

/** A row of `settings_revisions`. */
export interface RevisionRow {
  scope: string;
  revision: number;
  patch: JsonObject;
  author: string;
  note: string | null;
  restored: number | null;
  at: Date;
}

/** What a patch makes of the configuration. */
export interface PatchOutcome {
  /** What holds with it, in the shape of a patch. */
  effective: JsonObject;
  /** What of it does not fit the configuration. */
  problems: readonly PatchProblem[];
}

/** What settings are about: one pipeline, or the portal. */
export interface SettingsSubject {
  /** As in `settings_revisions`. */
  readonly scope: string;
  /** What the configuration says, in the shape of a patch. */
  readonly configured: JsonObject;
  /** JSON Schema of a patch, with only what can be set here. */
  readonly schema: JsonObject;
  /** What a patch makes of the configuration. */
  apply(patch: JsonObject): PatchOutcome;
  /** What of a patch does not fit the world now: folders of the host, limits of the portal. */
  checkWorld(patch: JsonObject): Promise<PatchProblem[]>;
}
