// @ts-check
/**
 * All that depends on the operating system. Linux has /proc; elsewhere `ps` answers, which
 * shows no environments, so there the sweep knows process groups and descendants only.
 */
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const HAS_PROC = fs.existsSync('/proc/self/stat');

/**
 * @typedef {object} ProcessEntry
 * @property {number} pid
 * @property {number} parent
 * @property {number} group
 * @property {number} session
 * @property {string} startTicks
 * @property {boolean} gone a zombie: nothing of it runs any more
 */

/** @returns {string} an id that changes when the host starts anew */
function bootId() {
  if (HAS_PROC) {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  }
  return execFileSync('sysctl', ['-n', 'kern.boottime'], {
    encoding: 'utf8',
  }).trim();
}

/**
 * @param {number} pid
 * @returns {ProcessEntry | undefined} nothing when there is no such process
 */
function readProcess(pid) {
  if (!HAS_PROC) {
    return listProcesses().find(entry => entry.pid === pid);
  }
  try {
    return parseStat(pid, fs.readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}

/**
 * @param {number} pid
 * @param {string} stat
 * @returns {ProcessEntry}
 */
function parseStat(pid, stat) {
  // The name stands in brackets and may have brackets and spaces itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    gone: fields[0] === 'Z' || fields[0] === 'X',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTicks: fields[19],
  };
}

/** @returns {ProcessEntry[]} every process that this one can see */
function listProcesses() {
  if (!HAS_PROC) {
    return listWithPs();
  }
  const found = [];
  for (const name of fs.readdirSync('/proc')) {
    const pid = Number(name);
    const entry = pid > 0 ? readProcess(pid) : undefined;
    if (entry) {
      found.push(entry);
    }
  }
  return found;
}

/** @returns {ProcessEntry[]} */
function listWithPs() {
  const columns = 'pid=,ppid=,pgid=,sess=,stat=,lstart=';
  const table = execFileSync('ps', ['-axo', columns], { encoding: 'utf8' });
  return table
    .split('\n')
    .filter(Boolean)
    .map(line => {
      const [pid, parent, group, session, stat, ...start] = line
        .trim()
        .split(/\s+/);
      return {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        session: Number(session),
        gone: stat.startsWith('Z'),
        startTicks: start.join(' '),
      };
    });
}

/**
 * @param {number} pid
 * @param {string[]} variables in the form `NAME=value`
 * @returns {boolean} whether the process was started with all of them
 */
function hasEnvironment(pid, variables) {
  if (!HAS_PROC) {
    return false;
  }
  try {
    const text = `\0${fs.readFileSync(`/proc/${pid}/environ`, 'latin1')}\0`;
    return variables.every(variable => text.includes(`\0${variable}\0`));
  } catch {
    return false;
  }
}

/**
 * @param {number} pid
 * @returns {boolean} whether no thread of the process can run: all are stopped, or gone
 */
function isStopped(pid) {
  try {
    return fs.readdirSync(`/proc/${pid}/task`).every(thread => {
      try {
        const file = `/proc/${pid}/task/${thread}/stat`;
        return 'TtZX'.includes(stateOf(fs.readFileSync(file, 'latin1')));
      } catch {
        return true;
      }
    });
  } catch {
    return true;
  }
}

/** @param {string} stat */
function stateOf(stat) {
  return stat[stat.lastIndexOf(')') + 2];
}

/**
 * @param {string} name
 * @param {string | undefined} searchPath
 * @returns {string | undefined} where a program is
 */
function findProgram(name, searchPath) {
  for (const folder of (searchPath ?? '').split(path.delimiter)) {
    const file = path.join(folder || '.', name);
    try {
      fs.accessSync(file, fs.constants.X_OK);
      if (fs.statSync(file).isFile()) {
        return file;
      }
    } catch {
      // The next folder may have it.
    }
  }
  return undefined;
}

/**
 * The words to put before a command so that the kernel ends it when the shim dies.
 *
 * @returns {string[]} nothing where the host has no such tool
 */
function parentDeathPrefix() {
  const setpriv = HAS_PROC
    ? findProgram('setpriv', process.env.PATH)
    : undefined;
  return setpriv ? [setpriv, '--pdeathsig', 'KILL', '--'] : [];
}

/**
 * Makes a real pipe. Node's own are sockets, and a program that opens /dev/stdout anew cannot
 * open a socket.
 *
 * @param {string} folder
 * @returns {{ read: number, write: number } | undefined} nothing where it cannot be made
 */
function makePipe(folder) {
  const fifo = path.join(folder, `pipe.${process.pid}`);
  try {
    execFileSync('mkfifo', ['-m', '600', fifo], { stdio: 'ignore' });
    const { O_RDONLY, O_WRONLY, O_NONBLOCK } = fs.constants;
    const read = fs.openSync(fifo, O_RDONLY | O_NONBLOCK);
    return { read, write: fs.openSync(fifo, O_WRONLY) };
  } catch {
    return undefined;
  } finally {
    fs.rmSync(fifo, { force: true });
  }
}

module.exports = {
  bootId,
  findProgram,
  hasEnvironment,
  isStopped,
  listProcesses,
  makePipe,
  parentDeathPrefix,
  readProcess,
};
