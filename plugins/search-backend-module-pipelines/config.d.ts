import type { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';

export interface Config {
  search?: {
    collators?: {
      /** Pipelines and failed runs of Millrace. */
      pipelines?: {
        /** When both are indexed anew; default every 5 minutes. */
        schedule?: SchedulerServiceTaskScheduleDefinitionConfig;
        /** How many days a failed run can be found, 1 to 400; default 14. */
        runDays?: number;
        /** Failed runs that are indexed, the newest ones, 1 to 100,000; default 5,000. */
        maxRuns?: number;
        /** Pipelines that are indexed, 1 to 100,000; default 10,000. */
        maxPipelines?: number;
      };
    };
  };
}
