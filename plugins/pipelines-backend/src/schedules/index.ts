export { AuthorizedTriggersService } from './AuthorizedTriggersService';
export { createTriggersRouter } from './routes';
export { createTriggers, type Triggers } from './createTriggers';
export { readTriggersConfig, type TriggersConfig } from './readTriggersConfig';
export { createWebhooksRouter, TRIGGERS_PATH } from './webhookRoutes';
