// @ts-check
// Preloaded into the processes that the scripts start: when the pipe on file
// descriptor 3 closes, the program that started us is gone, so we stop as if we
// had been asked to, and are killed when that takes too long.
const net = require('node:net');

const PIPE_DESCRIPTOR = 3;
const STOP_GRACE_MS = 15_000;

try {
  const parent = new net.Socket({
    fd: PIPE_DESCRIPTOR,
    readable: true,
    writable: false,
  });
  parent.on('error', () => {});
  parent.on('close', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(
      () => process.kill(process.pid, 'SIGKILL'),
      STOP_GRACE_MS,
    ).unref();
  });
  parent.resume();
  parent.unref();
} catch {
  // Started by hand, without the pipe.
}
