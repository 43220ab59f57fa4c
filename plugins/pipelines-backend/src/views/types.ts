import type { ViewPage } from '@millrace/backstage-plugin-pipelines-common';
import type { Actor } from '../runs';

/** A row of `saved_views`. */
export interface ViewRow {
  id: string;
  page: ViewPage;
  name: string;
  query: string;
  owner: string;
  revision: number;
  created_by: string;
  created_at: Date;
  changed_by: string;
  changed_at: Date;
}

/** Who asks, and whose views they may save. */
export interface Person {
  actor: Actor;
  /** Entity refs: the person first, then the groups that they belong to. */
  owners: readonly string[];
}
