import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { PipelinesClient } from '@millrace/backstage-plugin-pipelines-common';

const PLUGIN_ID = 'pipelines';
const PLUGIN_URL = `plugin://${PLUGIN_ID}`;

/** How long one answer may take. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * A client of the API of Millrace for other backend plugins and their modules.
 *
 * @remarks
 * It asks as the plugin that it is made in, so it is told of every pipeline and run: whoever
 * passes on what it answers has to see to it that only those who may see that do. A request that
 * takes longer than 30 s fails.
 *
 * @public
 */
export function createPipelinesClient(options: {
  auth: AuthService;
  discovery: DiscoveryService;
}): PipelinesClient {
  const { auth, discovery } = options;
  return new PipelinesClient({
    fetchApi: {
      async fetch(input, init) {
        const { token } = await auth.getPluginRequestToken({
          onBehalfOf: await auth.getOwnServiceCredentials(),
          targetPluginId: PLUGIN_ID,
        });
        const headers = new Headers(init?.headers);
        headers.set('Authorization', `Bearer ${token}`);
        const baseUrl = await discovery.getBaseUrl(PLUGIN_ID);
        return await fetch(input.replace(PLUGIN_URL, baseUrl), {
          ...init,
          headers,
          signal: init?.signal ?? AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        });
      },
    },
  });
}
