import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/**
 * Sends bytes as fast as the caller takes them.
 *
 * @remarks
 * A caller who goes before the end is no error: players do it at each jump.
 *
 * @throws what reading the bytes throws; the answer is cut off then
 */
export async function sendStream(
  source: NodeJS.ReadableStream,
  response: ServerResponse,
): Promise<void> {
  try {
    await pipeline(source, response);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_STREAM_PREMATURE_CLOSE') {
      throw error;
    }
  }
}
