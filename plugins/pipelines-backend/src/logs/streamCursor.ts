import { InputError } from '@backstage/errors';

/** What a reader of a stream has seen; the id of each event. */
export interface StreamCursor {
  attempt: number;
  /** Bytes of the attempt's log. */
  byte: number;
  /** Number of the run's newest event. */
  eventSeq: number;
}

/** Whole numbers that JavaScript has exactly. */
const CURSOR_PATTERN = /^(\d{1,9})\.(\d{1,15})\.(\d{1,9})$/;

/** `<attempt>.<byteOffset>.<eventSeq>`. */
export function formatCursor(cursor: StreamCursor): string {
  return `${cursor.attempt}.${cursor.byte}.${cursor.eventSeq}`;
}

/** @throws InputError when the text is no id of a stream's event */
export function parseCursor(text: string): StreamCursor {
  const match = CURSOR_PATTERN.exec(text);
  if (!match) {
    throw new InputError(
      `'${text.slice(
        0,
        80,
      )}' is no id of an event of this stream; begin again without one`,
    );
  }
  const [attempt, byte, eventSeq] = match.slice(1).map(Number);
  return { attempt, byte, eventSeq };
}
