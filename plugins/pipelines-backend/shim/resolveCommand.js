// @ts-check
const fs = require('node:fs');
const path = require('node:path');
const { findProgram } = require('./platform');

/**
 * Finds the program of a command and says in a sentence why it could not be started: what the
 * kernel answers does not tell a missing folder from a missing program.
 *
 * @param {string} command
 * @param {string} cwd
 * @param {string | undefined} searchPath
 * @returns {string} absolute path of the program
 */
function resolveCommand(command, cwd, searchPath) {
  checkFolder(cwd);
  if (!command.includes('/')) {
    const found = findProgram(command, searchPath);
    if (!found) {
      throw new Error(
        `The program '${command}' was not found in PATH (${searchPath}); install it on this worker or name it by its full path`,
      );
    }
    return found;
  }
  const file = path.resolve(cwd, command);
  checkProgram(file);
  return file;
}

/** @param {string} cwd */
function checkFolder(cwd) {
  const stat = fs.statSync(cwd, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) {
    throw new Error(
      `The working folder '${cwd}' ${
        stat ? 'is not a folder' : 'does not exist'
      } on this worker; create it or change 'cwd' of the pipeline`,
    );
  }
}

/** @param {string} file */
function checkProgram(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) {
    throw new Error(
      `The program '${file}' does not exist on this worker; install it or change 'command' of the pipeline`,
    );
  }
  try {
    fs.accessSync(file, fs.constants.X_OK);
  } catch {
    throw new Error(
      `The program '${file}' is not executable; run 'chmod +x' on it or start it with its interpreter`,
    );
  }
  if (!stat.isFile()) {
    throw new Error(`'${file}' is not a program; change 'command'`);
  }
  const interpreter = /^#!\s*(\S+)/.exec(readStart(file))?.[1];
  if (interpreter && !fs.existsSync(interpreter)) {
    throw new Error(
      `The program '${file}' asks for the interpreter '${interpreter}', which does not exist on this worker; install it or change the first line`,
    );
  }
}

/** @param {string} file */
function readStart(file) {
  try {
    const fd = fs.openSync(file, 'r');
    const buffer = Buffer.alloc(256);
    const length = fs.readSync(fd, buffer);
    fs.closeSync(fd);
    return buffer.toString('latin1', 0, length);
  } catch {
    return '';
  }
}

/**
 * @param {unknown} error what starting the program answered
 * @param {string} program
 */
function describeSpawnError(error, program) {
  const code = /** @type {NodeJS.ErrnoException} */ (error).code;
  const reasons = /** @type {Record<string, string>} */ ({
    EAGAIN:
      'this worker may not start more processes; raise its process limit or lower its slots',
    ENOMEM: 'this worker has no memory left; lower its slots',
    E2BIG: 'its arguments and environment are too long',
    EACCES: 'it may not be executed, or its folder may not be entered',
    EMFILE: 'this worker has too many files open; raise its file limit',
    ENFILE: 'this host has too many files open',
  });
  const reason = reasons[code ?? ''] ?? String(error);
  return `The program '${program}' could not be started: ${reason}`;
}

module.exports = { describeSpawnError, resolveCommand };
