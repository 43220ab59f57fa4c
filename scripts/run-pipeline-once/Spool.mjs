// @ts-check
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { identityOf, mayBeAlive } from './processIdentity.mjs';
import { Story } from './Story.mjs';

/** @typedef {import('./Story.mjs').Record_} Record_ */

const MAX_LOG_BYTES = 1024 ** 3;
/** Nobody needs longer from taking away an owner to being one. */
const TAKEOVER_MS = 60_000;
const OWNER = 'owner.json';
const NOBODY = '{}';
const JOURNAL = 'journal.ndjson';
const LOG = 'log';
const ARTIFACTS = 'artifacts';
const FILES = 'files';

/**
 * One run on disk, until everything of it has been sent: a journal and the bytes of its log, both
 * only ever appended, so that a crash at any moment leaves what was said before.
 */
export class Spool {
  #journal;
  #log;
  #trouble = false;
  /** @type {(() => void)[]} */
  #listeners = [];

  /**
   * @param {string} folder
   * @param {Story} story
   */
  constructor(folder, story) {
    this.folder = folder;
    this.story = story;
    this.#journal = fs.openSync(path.join(folder, JOURNAL), 'a', 0o600);
    this.#log = fs.openSync(path.join(folder, LOG), 'a+', 0o600);
  }

  /**
   * Begins a run.
   *
   * @param {string} root folder of all spools
   * @param {import('./Story.mjs').Begin} begin
   */
  static create(root, begin) {
    const folder = path.join(
      root,
      `${begin.at.replace(/\D/g, '')}-${randomUUID()}`,
    );
    fs.mkdirSync(path.join(folder, FILES), { recursive: true, mode: 0o700 });
    fs.mkdirSync(path.join(folder, ARTIFACTS), { mode: 0o700 });
    own(folder);
    const spool = new Spool(folder, new Story());
    spool.append(begin);
    return spool;
  }

  /**
   * How the run in a folder began; undefined when that was never written.
   *
   * @param {string} folder
   * @returns {import('./Story.mjs').Begin | undefined}
   */
  static readBegin(folder) {
    const file = path.join(folder, JOURNAL);
    const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
    const end = text.indexOf('\n');
    return end < 0 ? undefined : JSON.parse(text.slice(0, end));
  }

  /**
   * Takes over what a process that is no more has left.
   *
   * @param {string} folder
   * @returns {Spool | undefined} undefined when somebody else has it
   */
  static adopt(folder) {
    if (isOwned(folder) || !takeOver(folder)) {
      return undefined;
    }
    const story = new Story();
    const text = fs.readFileSync(path.join(folder, JOURNAL), 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    // Half a record was being written when it ended.
    fs.truncateSync(path.join(folder, JOURNAL), Buffer.byteLength(whole));
    for (const line of whole.split('\n').filter(Boolean)) {
      story.add(JSON.parse(line));
    }
    const spool = new Spool(folder, story);
    spool.#repairLog();
    return spool;
  }

  /** Where the command may put files that it offers. */
  get artifactsFolder() {
    return path.join(this.folder, ARTIFACTS);
  }

  /** A place for a copy of a file, under no name that anybody else chooses. */
  newFile() {
    return path.join(this.folder, FILES, randomUUID());
  }

  /** When something was last written. */
  get lastWord() {
    const times = [JOURNAL, LOG].map(
      name => fs.statSync(path.join(this.folder, name)).mtimeMs,
    );
    return new Date(Math.max(...times));
  }

  /** Why not everything could be written, if so. @type {string | undefined} */
  trouble;

  /** @param {Record_} record */
  append(record) {
    this.#write(this.#journal, Buffer.from(`${JSON.stringify(record)}\n`));
    this.story.add(record);
    this.#listeners.forEach(listener => listener());
  }

  /**
   * @param {'stdout' | 'stderr'} stream
   * @param {Buffer} bytes
   */
  appendLog(stream, bytes) {
    const room = MAX_LOG_BYTES - this.story.logBytes;
    if (bytes.length === 0 || room <= 0) {
      return;
    }
    const isLast = bytes.length >= room;
    const part = isLast
      ? Buffer.concat([
          bytes.subarray(0, room),
          Buffer.from(
            '\n[run-pipeline-once] This log met its limit; what follows was not kept.\n',
          ),
        ])
      : bytes;
    if (this.#write(this.#log, part)) {
      this.append({
        type: 'log',
        stream,
        to: this.story.logBytes + part.length,
      });
    }
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  readLog(from, to) {
    const bytes = Buffer.alloc(to - from);
    const read = fs.readSync(this.#log, bytes, 0, bytes.length, from);
    return bytes.subarray(0, read);
  }

  /** @param {() => void} listener called after each record */
  onAppend(listener) {
    this.#listeners.push(listener);
  }

  /** Leaves the rest to whoever comes next. */
  release() {
    this.close();
    const file = path.join(this.folder, `${OWNER}.${randomUUID()}`);
    fs.writeFileSync(file, NOBODY, { mode: 0o600 });
    fs.renameSync(file, path.join(this.folder, OWNER));
  }

  /** Everything was sent. */
  remove() {
    this.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  close() {
    if (this.#journal >= 0) {
      fs.closeSync(this.#journal);
      fs.closeSync(this.#log);
      this.#journal = -1;
    }
  }

  /**
   * A full disk must not end the command.
   *
   * @param {number} fd
   * @param {Buffer} bytes
   */
  #write(fd, bytes) {
    if (this.#trouble) {
      return false;
    }
    try {
      for (let at = 0; at < bytes.length; ) {
        at += fs.writeSync(fd, bytes, at);
      }
      return true;
    } catch (error) {
      this.#trouble = true;
      this.trouble = error instanceof Error ? error.message : String(error);
      return false;
    }
  }

  /** Bytes that were written while their record was not. */
  #repairLog() {
    const { size } = fs.fstatSync(this.#log);
    if (size > this.story.logBytes) {
      this.append({ type: 'log', stream: 'stdout', to: size });
    }
  }
}

/**
 * The folders of runs that nobody looks after, oldest first.
 *
 * @param {string} root
 */
export function listAbandoned(root) {
  return fs.existsSync(root)
    ? fs
        .readdirSync(root, { withFileTypes: true })
        .filter(entry => entry.isDirectory())
        .map(entry => path.join(root, entry.name))
        .filter(folder => !isOwned(folder))
        .sort()
    : [];
}

/**
 * Makes this process the owner.
 *
 * @param {string} folder
 * @returns {boolean} false when somebody else is
 */
function own(folder) {
  const file = path.join(folder, `${OWNER}.${randomUUID()}`);
  const identity = JSON.stringify(identityOf(process.pid));
  fs.writeFileSync(file, identity, { mode: 0o600 });
  try {
    // A link is there whole or not at all, and only for the first.
    fs.linkSync(file, path.join(folder, OWNER));
    return true;
  } catch {
    return false;
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/**
 * Takes the place of an owner that is no more.
 *
 * @param {string} folder
 * @returns {boolean} false when the owner lives, or somebody else is taking its place
 */
function takeOver(folder) {
  const file = path.join(folder, OWNER);
  if (!fs.existsSync(file)) {
    return (
      Date.now() - fs.statSync(folder).mtimeMs > TAKEOVER_MS && own(folder)
    );
  }
  const taken = path.join(folder, `${OWNER}.${randomUUID()}`);
  try {
    fs.renameSync(file, taken);
  } catch {
    return false;
  }
  if (isAlive(taken)) {
    // Somebody else was faster, and this was theirs.
    fs.renameSync(taken, file);
    return false;
  }
  fs.rmSync(taken);
  return own(folder);
}

/** @param {string} folder */
function isOwned(folder) {
  return isAlive(path.join(folder, OWNER));
}

/** @param {string} file of an owner */
function isAlive(file) {
  try {
    const owner = fs.readFileSync(file, 'utf8');
    return owner !== NOBODY && mayBeAlive(JSON.parse(owner));
  } catch {
    return false;
  }
}
