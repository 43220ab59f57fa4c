import {
  MAX_PAGE_SIZE,
  type Pipeline,
  type PipelinesClient,
} from '@millrace/backstage-plugin-pipelines-common';

/**
 * Every pipeline that the client is told of, page by page, by title.
 *
 * @param client - from {@link createPipelinesClient}
 * @param maxPipelines - it stops there
 * @public
 */
export async function* listAllPipelines(
  client: Pick<PipelinesClient, 'listPipelines'>,
  maxPipelines: number,
): AsyncGenerator<Pipeline> {
  let left = maxPipelines;
  let cursor: string | undefined;
  do {
    const page = await client.listPipelines({
      limit: Math.min(left, MAX_PAGE_SIZE),
      cursor,
    });
    yield* page.items;
    left -= page.items.length;
    cursor = page.nextCursor;
  } while (cursor && left > 0);
}
