export {
  DatabaseLiveService,
  type DatabaseLiveServiceOptions,
} from './DatabaseLiveService';
export type { LiveMessage, LiveService } from './types';
