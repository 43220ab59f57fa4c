export { AuthorizedTimelineService } from './AuthorizedTimelineService';
export { createTimelineRouter } from './routes';
export { TimelineService } from './TimelineService';
