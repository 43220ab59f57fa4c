export { AuthorizedLogsService } from './AuthorizedLogsService';
export { AuthorizedStreams } from './AuthorizedStreams';
export { LogsService } from './LogsService';
export { readLogsConfig } from './readLogsConfig';
export { createLogsRouter } from './routes';
export { RunStreamHub } from './RunStreamHub';
export type { ReadableRuns, StreamedRuns } from './types';
