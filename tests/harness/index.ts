export type { PortalApi } from '../../scripts/lib/portalApi.ts';
export type { TaggedProcess } from '../../scripts/lib/taggedProcesses.ts';
export { requireInvariants } from './invariants.ts';
export { launchBrowser, VIEWPORTS } from './launchBrowser.ts';
export { processesTagged } from './processesTagged.ts';
export {
  startBackendOnly,
  startPortal,
  startWorkerOnly,
  type StartPortalOptions,
  type TestPortal,
} from './startPortal.ts';
export { startPostgres, type TestPostgres } from './startPostgres.ts';
export { until, type UntilOptions } from './until.ts';
