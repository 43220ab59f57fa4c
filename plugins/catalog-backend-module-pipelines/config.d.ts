import type { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';

export interface Config {
  catalog?: {
    providers?: {
      /** Pipelines of Millrace as resources. */
      pipelines?: {
        /** When the pipelines are read anew; default every 5 minutes. */
        schedule?: SchedulerServiceTaskScheduleDefinitionConfig;
        /** Namespace of the resources; default `default`. */
        namespace?: string;
        /** Owner of the resources of pipelines without one; default `unknown`. */
        defaultOwner?: string;
      };
    };
  };
}
