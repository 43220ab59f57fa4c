import type { ViewPage } from '@millrace/backstage-plugin-pipelines-common';
import type { Knex } from 'knex';
import type { Person, ViewRow } from '../types';

/** Where a page of views ended. */
export interface ViewPlace {
  isTeams: boolean;
  /** In lower case. */
  name: string;
  id: string;
}

/** The views of a page that belong to these owners: the person's own first, each by name. */
export async function listViews(options: {
  knex: Knex;
  page: ViewPage;
  person: Person;
  after?: ViewPlace;
  limit: number;
}): Promise<(ViewRow & { place_name: string })[]> {
  const { knex, page, person, after, limit } = options;
  const { rows } = await knex.raw<{
    rows: (ViewRow & { place_name: string })[];
  }>(
    `select *, lower(name) as place_name from saved_views
      where owner = any(:owners) and page = :page ${
        after
          ? 'and (owner <> :me, lower(name), id) > (:isTeams, :name, :id)'
          : ''
      }
      order by owner <> :me, lower(name), id
      limit :limit`,
    {
      owners: person.owners,
      me: person.actor,
      page,
      limit,
      ...(after && { ...after }),
    },
  );
  return rows;
}
