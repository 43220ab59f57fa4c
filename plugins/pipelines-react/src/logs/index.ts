export { LogTail, type LogTailEvent } from './LogTail';
export { LogViewer, type LogViewerProps } from './LogViewer';
