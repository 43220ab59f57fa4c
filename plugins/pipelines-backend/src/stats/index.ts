export { AuthorizedStatsService } from './AuthorizedStatsService';
export { DatabasePipelineActivity } from './DatabasePipelineActivity';
export { readStatsConfig } from './readStatsConfig';
export { createStatsRouter } from './routes';
export { StatsService } from './StatsService';
export { FoldStatsTask } from './tasks/FoldStatsTask';
