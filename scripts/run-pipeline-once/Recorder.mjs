// @ts-check
import fs from 'node:fs';
import path from 'node:path';
import { OutputFilter } from './OutputFilter.mjs';
import { readMessage } from './readMessage.mjs';
import { say } from './say.mjs';

/**
 * @typedef {import('./Spool.mjs').Spool} Spool
 * @typedef {import('./Command.mjs').Ending} Ending
 */

const MAX_WARNINGS = 20;

/** Writes down what a command says and prints. */
export class Recorder {
  #spool;
  #filters;
  /** Copies of files that are being made. @type {Promise<void>[]} */
  #copies = [];
  #warnings = 0;

  /**
   * @param {object} options
   * @param {Spool} options.spool
   * @param {string[]} options.secrets
   * @param {boolean} options.isPart whoever runs us keeps log, steps and files
   */
  constructor({ spool, secrets, isPart }) {
    this.#spool = spool;
    this.#filters = isPart
      ? undefined
      : {
          stdout: new OutputFilter({
            emit: bytes => spool.appendLog('stdout', bytes),
            onMessage: message => this.#hear(message),
            secrets,
          }),
          stderr: new OutputFilter({
            emit: bytes => spool.appendLog('stderr', bytes),
            secrets,
          }),
        };
  }

  /** @param {import('./processIdentity.mjs').ProcessIdentity} child */
  spawned({ pid, started }) {
    this.#spool.append({ type: 'child', pid, started });
  }

  /**
   * @param {'stdout' | 'stderr'} stream
   * @param {Buffer} bytes
   */
  print(stream, bytes) {
    this.#filters?.[stream].push(bytes);
  }

  /**
   * The command has ended; resolves when its files are kept too.
   *
   * @param {string[]} files that it was to leave
   * @param {Ending} end
   */
  async finish(files, end) {
    const at = new Date().toISOString();
    this.#filters?.stdout.end();
    this.#filters?.stderr.end();
    for (const file of this.#filters ? files : []) {
      this.#keep(path.resolve(file), path.basename(file));
    }
    await Promise.all(this.#copies);
    this.#spool.append({ type: 'end', at, ...end });
  }

  /** @param {Record<string, unknown>} message */
  #hear(message) {
    try {
      const record = readMessage(message, new Date());
      if (record?.type === 'file') {
        const file = path.resolve(this.#spool.artifactsFolder, record.path);
        this.#keep(file, record.name, record.mediaType);
      } else if (record) {
        this.#spool.append(record);
      }
    } catch (error) {
      this.#warn(
        `A line that begins with ::millrace:: is not understood: ${
          error instanceof Error ? error.message : error
        }`,
      );
    }
  }

  /**
   * A copy, because the file may change or go before it is sent.
   *
   * @param {string} source
   * @param {string} name
   * @param {string} [mediaType]
   */
  #keep(source, name, mediaType) {
    const file = this.#spool.newFile();
    const copy = fs.promises
      .copyFile(source, file, fs.constants.COPYFILE_FICLONE)
      .then(() =>
        this.#spool.append({ type: 'artifact', name, file, mediaType }),
      )
      .catch(error => this.#warn(`'${source}' cannot be kept (${error.code})`));
    this.#copies.push(copy);
  }

  /** @param {string} text */
  #warn(text) {
    this.#warnings += 1;
    if (this.#warnings <= MAX_WARNINGS) {
      say(text);
    }
  }
}
