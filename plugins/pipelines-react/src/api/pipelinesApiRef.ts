import { createApiRef } from '@backstage/frontend-plugin-api';
import type { PipelinesClient } from '@millrace/backstage-plugin-pipelines-common';

/** What the Millrace frontends call: every public method of `PipelinesClient`. @public */
export type PipelinesApi = Pick<PipelinesClient, keyof PipelinesClient>;

/**
 * The client of the Millrace API.
 *
 * @remarks
 * Provided by the plugin `pipelines`. Read it with `usePipelinesApi`, which also works where
 * that plugin is not installed.
 *
 * @public
 */
export const pipelinesApiRef = createApiRef<PipelinesApi>().with({
  id: 'plugin.pipelines.client',
  pluginId: 'pipelines',
});
