export { AuthorizedLogsService } from './AuthorizedLogsService';
export { AuthorizedStreams } from './AuthorizedStreams';
export { LogsService } from './LogsService';
export { readLogsConfig } from './readLogsConfig';
export { createLogsRouter } from './routes';
export { AuthorizedLogSearch, LogSearcher } from './search';
export { RunStreamHub } from './RunStreamHub';
export type { ReadableRuns, StreamedRuns } from './types';
export {
  LearnTemplatesTask,
  LineTemplates,
  TemplatesService,
} from './templates';
