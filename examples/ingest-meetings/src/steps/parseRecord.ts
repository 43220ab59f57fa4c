import { FieldPath, type Findings } from '../normalize/Findings.ts';
import { RefusedRecordError } from '../normalize/normalizeMeeting.ts';

const strictDecoder = new TextDecoder('utf-8', {
  fatal: true,
  ignoreBOM: true,
});

/**
 * Parses the bytes of one record; bytes that are not UTF-8 are replaced.
 *
 * @throws RefusedRecordError when they are not JSON
 */
export function parseRecord(bytes: Buffer, findings: Findings): unknown {
  try {
    return JSON.parse(decode(bytes, findings));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new RefusedRecordError('invalid-json', error.message);
    }
    throw error;
  }
}

function decode(bytes: Buffer, findings: Findings): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    findings.warn(
      'invalid-utf8',
      FieldPath.root,
      'Bytes that are not UTF-8 are replaced; raw has them',
    );
    return bytes.toString('utf8');
  }
}
