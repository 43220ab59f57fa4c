export type { ChosenLines } from './LogBox';
export { NO_LOG_FILTER, type LogFilter } from './logFilter';
export { LogTail, type LogTailEvent } from './LogTail';
export { LogViewer, type LogViewerProps } from './LogViewer';
