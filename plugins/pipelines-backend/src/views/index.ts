export { AuthorizedViewsService } from './AuthorizedViewsService';
export { createViewsRouter } from './routes';
export { ViewsService } from './ViewsService';
