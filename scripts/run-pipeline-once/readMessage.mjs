// @ts-check
/** @typedef {import('./Story.mjs').Record_} Record_ */

const STATUSES = ['pending', 'running', 'succeeded', 'failed', 'skipped'];
const MAX_NAME_LENGTH = 200;
const MAX_MESSAGE_LENGTH = 2_000;
const MAX_SUMMARY_LENGTH = 10_000;

/**
 * What a line of the runner protocol says, cut to what the portal takes.
 *
 * @param {Record<string, unknown>} message
 * @param {Date} at when it was said
 * @returns {Record_ | { type: 'file', path: string, name: string, mediaType?: string } | undefined}
 *   undefined for what a portal cannot be told
 * @throws {Error} when it is malformed
 */
export function readMessage(message, at) {
  switch (message.type) {
    case 'step':
      return {
        type: 'step',
        at: at.toISOString(),
        name: text(message.name, MAX_NAME_LENGTH),
        status: status(message.status),
        message: optional(message.message, MAX_MESSAGE_LENGTH),
      };
    case 'progress':
      return {
        type: 'progress',
        progress: fraction(message.progress),
        message: optional(message.message, MAX_MESSAGE_LENGTH),
      };
    case 'output':
      if (message.json === undefined) {
        throw new Error('json is missing');
      }
      return {
        type: 'output',
        name: text(message.name, MAX_NAME_LENGTH),
        json: message.json,
      };
    case 'metric':
      return {
        type: 'metric',
        name: text(message.name, MAX_NAME_LENGTH),
        value: number(message.value),
      };
    case 'summary':
      return { type: 'summary', text: text(message.text, MAX_SUMMARY_LENGTH) };
    case 'artifact': {
      const path = text(message.path, 4_096);
      return {
        type: 'file',
        path,
        name:
          optional(message.name, MAX_NAME_LENGTH) ??
          path.split(/[\\/]/).pop() ??
          path,
        mediaType: optional(message.mediaType, 127),
      };
    }
    default:
      return undefined;
  }
}

/**
 * @param {unknown} value
 * @param {number} most
 */
function text(value, most) {
  if (typeof value !== 'string' || value === '') {
    throw new Error('a text is missing');
  }
  return clean(value).slice(0, most);
}

/**
 * @param {unknown} value
 * @param {number} most
 */
function optional(value, most) {
  return value === undefined ? undefined : text(value, most);
}

/** Without what no database takes: NUL and halves of characters. @param {string} value */
function clean(value) {
  return Buffer.from(value.replaceAll('\0', '')).toString();
}

/** @param {unknown} value */
function number(value) {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new Error('a number is missing');
  }
  return value;
}

/** @param {unknown} value */
function fraction(value) {
  const progress = number(value);
  if (progress < 0 || progress > 1) {
    throw new Error('progress is not from 0 to 1');
  }
  return progress;
}

/** @param {unknown} value */
function status(value) {
  if (typeof value !== 'string' || !STATUSES.includes(value)) {
    throw new Error('there is no such status');
  }
  return /** @type {import('./Story.mjs').StepState} */ (value);
}
