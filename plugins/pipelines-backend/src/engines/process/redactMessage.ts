import { createRequire } from 'node:module';
import { resolvePackagePath } from '@backstage/backend-plugin-api';

// The shim is plain JavaScript beside the compiled sources, so it is found as a file.
const { Redactor } = createRequire(__filename)(
  resolvePackagePath(
    '@millrace/backstage-plugin-pipelines-backend',
    'shim/redact.js',
  ),
) as typeof import('../../../shim/redact');

/**
 * Makes a function that hides secrets in what a message says.
 *
 * @remarks
 * The shim has redacted the line, but JSON can write each character as an escape, and a secret
 * that was written so is only there once the line has been read.
 *
 * @returns a function that throws when a number is a secret
 */
export function createMessageRedactor<TMessage extends object>(
  secrets: readonly string[],
): (message: TMessage) => TMessage {
  if (secrets.length === 0) {
    return message => message;
  }
  const redactText = createTextRedactor(secrets);
  return message => redactValue(message, redactText) as TMessage;
}

/** Makes a function that hides secrets in whole texts. */
export function createTextRedactor(
  secrets: readonly string[],
): (text: string) => string {
  const automaton = Redactor.prepare([...secrets]);
  if (!automaton) {
    return text => text;
  }
  return text => {
    const redactor = new Redactor(automaton);
    const parts: Buffer[] = [];
    const keep = (bytes: Buffer) => parts.push(Buffer.from(bytes));
    redactor.push(Buffer.from(text), keep);
    redactor.end(keep);
    return Buffer.concat(parts).toString();
  };
}

function redactValue(
  value: unknown,
  redactText: (text: string) => string,
): unknown {
  if (typeof value === 'string') {
    return redactText(value);
  }
  if (typeof value === 'number' && redactText(`${value}`) !== `${value}`) {
    throw new Error('it has a secret where a number is wanted');
  }
  if (Array.isArray(value)) {
    return value.map(item => redactValue(item, redactText));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        redactText(key),
        redactValue(item, redactText),
      ]),
    );
  }
  return value;
}
