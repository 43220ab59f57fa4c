import type { RawLogLine } from '@millrace/backstage-plugin-pipelines-node';
import { ENDED, LineEnds } from './lineEnds';
import type { LogOverflow } from './LogOverflow';

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB'];

/** The line of ours that says that a log met its limit. */
export function limitMarker(maxBytes: number, carried: number): RawLogLine[] {
  return markerLine(
    `This log met its limit of ${describeBytes(
      maxBytes,
    )}. Further lines are counted but not stored; the end of the log follows when the attempt is over.`,
    carried,
  );
}

/** The line of ours that says that a log from elsewhere met its limit. */
export function partLimitMarker(
  maxBytes: number,
  carried: number,
): RawLogLine[] {
  return markerLine(
    `This log met its limit of ${describeBytes(
      maxBytes,
    )}. What follows was not stored.`,
    carried,
  );
}

/** The line of ours that says what was left out before the end of the log. */
export function tailMarker(
  overflow: LogOverflow,
  options: { carried: number; atLeast: boolean },
): RawLogLine[] {
  const lines = overflow.droppedLines.toLocaleString('en');
  return markerLine(
    `${options.atLeast ? 'At least ' : ''}${lines} lines (${describeBytes(
      overflow.droppedBytes,
    )}) were left out here. The end of the log follows.`,
    options.carried,
  );
}

/** On a line of its own, whatever stdout was in the middle of. */
function markerLine(text: string, carried: number): RawLogLine[] {
  const isOpen = LineEnds.of(carried).get('stdout') !== ENDED;
  return [...(isOpen ? ['\n'] : []), `[millrace] ${text}\n`].map(line => ({
    stream: 'stdout',
    bytes: Buffer.from(line),
  }));
}

function describeBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toFixed(1)).toLocaleString('en')} ${UNITS[unit]}`;
}
