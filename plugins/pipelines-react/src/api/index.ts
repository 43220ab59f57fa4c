export { isClientError, messageOf, statusOf } from './errors';
export { pipelinesApiRef, type PipelinesApi } from './pipelinesApiRef';
export {
  PipelinesQueryProvider,
  type PipelinesQueryProviderProps,
} from './PipelinesQueryProvider';
export { usePipelinesApi } from './usePipelinesApi';
