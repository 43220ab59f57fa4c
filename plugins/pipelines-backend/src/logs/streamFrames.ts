import type { RunStreamEventName } from '@millrace/backstage-plugin-pipelines-common';
import { formatCursor, type StreamCursor } from './streamCursor';

/** First words of a stream: how long a browser waits before it comes back. */
export const HELLO_FRAME = 'retry: 2000\n\n';

/** Keeps an idle connection alive. */
export const PING_FRAME = ': ping\n\n';

/** One server-sent event; the JSON has no line breaks. */
export function eventFrame(
  name: RunStreamEventName,
  cursor: StreamCursor,
  json: string,
): string {
  return `id: ${formatCursor(cursor)}\nevent: ${name}\ndata: ${json}\n\n`;
}
