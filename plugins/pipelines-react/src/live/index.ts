export { LivePill, type LivePillProps } from './LivePill';
export { LiveProvider } from './LiveProvider';
export type { LiveHandle, LiveKind, LiveState } from './liveState';
export { useNow } from './useNow';
export { useRefresh } from './useRefresh';
export {
  useRunStream,
  type RunStreamHandle,
  type UseRunStreamOptions,
} from './useRunStream';
