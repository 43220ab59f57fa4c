import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ProcessBench } from '../__testUtils__/processBench';
import {
  eventually,
  isRunning,
  waitingShims,
} from '../__testUtils__/processes';
import { AttemptFolder, cleanUp } from '../AttemptFolder';

describe('ProcessEngine', () => {
  let bench: ProcessBench;

  beforeEach(() => {
    bench = new ProcessBench();
  });

  afterEach(async () => {
    await bench.close();
  });

  it('delivers the log of both streams and the exit code', async () => {
    const { attempt, sink } = await bench.start([
      'bash',
      '-c',
      'echo one; echo two >&2; exit 3',
    ]);

    expect(await attempt.end).toEqual({ kind: 'exited', exitCode: 3 });
    expect(sink.text('stdout')).toBe('one\n');
    expect(sink.text('stderr')).toBe('two\n');
  });

  it('gives the command the environment of the runner protocol and nothing of the backend', async () => {
    await bench.engine.stop();
    const own = new ProcessBench({
      environment: {
        PATH: process.env.PATH,
        DATABASE_PASSWORD: 'of the backend',
        LOG_LEVEL: 'debug',
        TOKEN: 'not-to-be-seen',
      },
    });
    const { attempt, sink, runId } = await own.start(
      bench.node(
        `const { readFileSync, statSync } = require('fs');
         const file = process.env.MILLRACE_PARAMS_FILE;
         console.log(JSON.stringify({
           names: Object.keys(process.env).sort(),
           run: process.env.MILLRACE_RUN_ID,
           attempt: process.env.MILLRACE_ATTEMPT,
           pipeline: process.env.MILLRACE_PIPELINE,
           key: process.env.MILLRACE_IDEMPOTENCY_KEY,
           level: process.env.LOG_LEVEL,
           token: process.env.TOKEN.length,
           parameters: JSON.parse(readFileSync(file, 'utf8')),
           mode: (statSync(file).mode & 0o777).toString(8),
           node: process.env.PATH.split(':')[0],
         }));`,
      ),
      { env: ['LOG_LEVEL'], secrets: ['TOKEN'] },
    );

    expect(await attempt.end).toEqual({ kind: 'exited', exitCode: 0 });
    expect(JSON.parse(sink.text('stdout'))).toEqual({
      names: [
        'HOME',
        'LANG',
        'LOG_LEVEL',
        'MILLRACE_ARTIFACTS_DIR',
        'MILLRACE_ATTEMPT',
        'MILLRACE_IDEMPOTENCY_KEY',
        'MILLRACE_PARAMS_FILE',
        'MILLRACE_PIPELINE',
        'MILLRACE_RUN_ID',
        'PATH',
        'TOKEN',
      ],
      run: runId,
      attempt: '1',
      pipeline: 'bench',
      key: `key-of-${runId}`,
      level: 'debug',
      token: 14,
      parameters: { answer: 42 },
      mode: '600',
      node: path.dirname(process.execPath),
    });
    await own.close();
  });

  it('leaves its own process with nothing of the backend, for the command can read it', async () => {
    const { attempt, sink } = await bench.start([
      'bash',
      '-c',
      'tr "\\0" "\\n" < /proc/$PPID/environ | cut -d= -f1 | sort',
    ]);

    await attempt.end;
    expect(sink.text('stdout')).toBe('HOME\nLANG\nPATH\n');
  });

  it('lets programs open /dev/stdout and /dev/stderr anew', async () => {
    const { attempt, sink } = await bench.start([
      'bash',
      '-c',
      'echo out > /dev/stdout; echo err > /dev/stderr',
    ]);

    expect(await attempt.end).toEqual({ kind: 'exited', exitCode: 0 });
    expect(sink.text('stdout')).toBe('out\n');
    expect(sink.text('stderr')).toBe('err\n');
  });

  it('takes protocol lines out of the log in order', async () => {
    const { attempt, sink } = await bench.start(
      bench.node(`
        const say = body => console.log('::millrace::' + JSON.stringify(body));
        console.log('before');
        say({ type: 'step', name: 'validate', status: 'running' });
        say({ type: 'progress', progress: 0.5, message: 'half' });
        say({ type: 'output', name: 'counts', json: { big: 'x'.repeat(200_000) } });
        say({ type: 'metric', name: 'speed', value: 2.5 });
        say({ type: 'summary', text: 'all is well' });
        say({ type: 'novelty', answer: 42 });
        console.log('::millrace::{"type":"step"}');
        console.log('after');`),
    );

    await attempt.end;
    expect(sink.messages).toEqual([
      { type: 'step', name: 'validate', status: 'running' },
      { type: 'progress', progress: 0.5, message: 'half' },
      { type: 'output', name: 'counts', json: { big: 'x'.repeat(200_000) } },
      { type: 'metric', name: 'speed', value: 2.5 },
      { type: 'summary', text: 'all is well' },
      { type: 'other', body: { type: 'novelty', answer: 42 } },
      {
        type: 'warning',
        message: expect.stringMatching(
          /malformed and stays in the log: 'name'/,
        ),
      },
    ]);
    expect(sink.text()).toBe('before\n::millrace::{"type":"step"}\nafter\n');
  });

  it('thins out progress to five per second and delivers the last', async () => {
    const { attempt, sink } = await bench.start(
      bench.node(`
        for (let n = 1; n <= 20_000; n++) {
          console.log('::millrace::' + JSON.stringify({ type: 'progress', progress: n / 20_000 }));
        }`),
    );

    await attempt.end;
    expect(sink.messages.length).toBeLessThan(20);
    expect(sink.messages.at(-1)).toEqual({ type: 'progress', progress: 1 });
  });

  it('reports artifacts that are plain files in their folder and refuses all others', async () => {
    const { attempt, sink, context } = await bench.start([
      'bash',
      '-c',
      `cd "$MILLRACE_ARTIFACTS_DIR"; echo hello > good.txt; ln -s /etc/passwd link; mkfifo fifo
       ln -s / root
       for file in good.txt ../params.json /etc/passwd link fifo root/etc/passwd none .; do
         echo "::millrace::{\\"type\\":\\"artifact\\",\\"path\\":\\"$file\\",\\"mediaType\\":\\"text/plain\\"}"
       done`,
    ]);

    await attempt.end;
    const folder = AttemptFolder.of(bench.workRoot, context);
    expect(sink.messages[0]).toEqual({
      type: 'artifact',
      path: path.join(folder.artifacts, 'good.txt'),
      name: 'good.txt',
      mediaType: 'text/plain',
    });
    expect(sink.messages.slice(1)).toHaveLength(7);
    for (const message of sink.messages.slice(1)) {
      expect(message).toEqual({
        type: 'warning',
        message: expect.stringMatching(/^Artifact '.+' was refused: /),
      });
    }
  });

  it('stores hostile bytes as they came', async () => {
    const { attempt, sink, context } = await bench.start(
      bench.node(`
        const hostile = [
          Buffer.from([0, 0xff, 0xfe, 0xc3, 0x28, 10, 0xed, 0xa0, 0x80, 10, 0xef, 0xbb, 0xbf]),
          Buffer.from('\\u2028\\u202e <script>\\x1b]8;;http://x\\x07\\x1b]52;c;AA==\\x07\\x1b[2J\\x1b[31m\\r\\n'),
          Buffer.from(Array.from({ length: 256 }, (_, n) => n)),
        ];
        const all = Buffer.concat(Array.from({ length: 500 }, () => Buffer.concat(hostile)));
        require('fs').writeFileSync(process.env.MILLRACE_ARTIFACTS_DIR + '/written', all);
        process.stdout.write(all);`),
    );

    expect(await attempt.end).toEqual({ kind: 'exited', exitCode: 0 });
    const { artifacts } = AttemptFolder.of(bench.workRoot, context);
    const written = await readFile(path.join(artifacts, 'written'));
    expect(sink.bytes).toBe(written.length);
    expect(sink.sha256.digest('hex')).toBe(
      createHash('sha256').update(written).digest('hex'),
    );
  });

  it('shows a line of a quiet log within 50 ms', async () => {
    const { attempt, sink } = await bench.start(
      bench.node(
        `setInterval(() => console.log(Date.now()), 300);
         setTimeout(() => process.exit(), 1_700);`,
      ),
    );

    const delays: number[] = [];
    for (let count = 1; count <= 5; count++) {
      await sink.until(({ lines }) => lines.length >= count);
      const written = Number(sink.lines[count - 1].bytes.toString());
      delays.push(Date.now() - written);
    }
    await attempt.end;
    // Most of them, because the host may be busy with other things at times.
    expect(delays.sort((a, b) => a - b)[2]).toBeLessThanOrEqual(50);
  });

  it('shows a question that has no line end, and a progress bar that redraws its line', async () => {
    const { attempt, sink } = await bench.start([
      'bash',
      '-c',
      'printf "\\r10%%\\r20%%\\r"; sleep 1.5; printf "Continue? "; sleep 20',
    ]);

    await sink.until(({ bytes }) => bytes === 19);
    expect(sink.text()).toBe('\r10%\r20%\rContinue? ');
    attempt.cancel({ force: true });
    expect(await attempt.end).toEqual({
      kind: 'signalled',
      signal: 'SIGKILL',
      stopped: true,
    });
  });

  it('keeps 100,000 carriage-return updates of a progress bar', async () => {
    const { attempt, sink } = await bench.start(
      bench.node(
        `for (let n = 0; n < 100_000; n++) process.stdout.write('\\r' + n + '%');`,
      ),
    );

    await attempt.end;
    const expected = Array.from({ length: 100_000 }, (_, n) => `\r${n}%`);
    expect(sink.text()).toBe(expected.join(''));
  });

  it('redacts declared secrets, however the program writes and cuts them', async () => {
    const secret = `p@ss'w"ord/<&>é\\x`;
    const own = new ProcessBench({
      environment: { PATH: process.env.PATH, SECRET: secret, SHORT: 'abc' },
    });
    const { attempt, sink } = await own.start(
      bench.node(`
        const secret = process.env.SECRET;
        const { writeSync } = require('fs');
        const bytes = Buffer.from('plain=' + secret + '!\\n');
        const write = part => { try { writeSync(1, part); } catch (error) { if (error.code === 'EAGAIN') write(part); else throw error; } };
        for (let cut = 0; cut <= bytes.length; cut++) { write(bytes.subarray(0, cut)); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3); write(bytes.subarray(cut)); }
        console.log('json=' + JSON.stringify({ secret }));
        console.log('uri=' + encodeURIComponent(secret));
        for (const pad of ['', 'a', 'ab']) console.log('base64=' + Buffer.from(pad + secret + 'tail').toString('base64'));
        console.log('hex=' + Buffer.from(secret).toString('hex'));
        console.log("shell='" + secret.replaceAll("'", "'\\\\''") + "'");
        console.log('short=' + process.env.SHORT);`),
      { secrets: ['SECRET', 'SHORT', 'ABSENT'] },
    );

    expect(await attempt.end).toEqual({ kind: 'exited', exitCode: 0 });
    const text = sink.text();
    const cuts = Buffer.byteLength(`plain=${secret}!\n`) + 1;
    expect(text).toContain('plain=[redacted]!\n'.repeat(cuts));
    expect(text).toContain('json={"secret":"[redacted]"}\n');
    expect(text).toContain('uri=[redacted]\n');
    expect(text.match(/base64=.{0,4}\[redacted\]/g)).toHaveLength(3);
    expect(text).toContain('hex=[redacted]\n');
    expect(text).toContain("shell='[redacted]'\n");
    expect(text).toContain('short=abc\n');
    expect(sink.messages).toEqual([
      {
        type: 'warning',
        message: expect.stringContaining(`secret 'ABSENT' is not set`),
      },
      {
        type: 'warning',
        message: expect.stringContaining(`secret 'SHORT' is shorter than 6`),
      },
    ]);
    await own.close();
  });

  it('gives a run a shim that waits, and starts the next one ahead', async () => {
    const waits = () => waitingShims(bench.workRoot).length === 1;
    await eventually('a shim waits', waits);
    const [waiting] = waitingShims(bench.workRoot);

    const { attempt } = await bench.start(['sleep', '60']);
    expect(attempt.handle).toMatchObject({ shim: { pid: waiting } });
    await eventually('another shim waits', () =>
      waitingShims(bench.workRoot).some(pid => pid !== waiting),
    );
    attempt.cancel({ force: true });
    await attempt.end;

    await bench.engine.stop();
    await eventually(
      'no shim is left',
      () => waitingShims(bench.workRoot).length === 0,
    );
  });

  it('has as many shims waiting as it should have by now', async () => {
    let size = 1;
    const own = new ProcessBench({ shimPoolSize: () => size });
    const run = async () => (await own.start(['true'])).attempt.end;
    const hasWaiting = (count: number) =>
      eventually(
        `${count} shims wait`,
        () => waitingShims(own.workRoot).length === count,
      );
    await hasWaiting(1);
    size = 3;
    await run();
    await hasWaiting(3);
    size = 1;
    await run();
    await hasWaiting(1);
    await own.close();
    await hasWaiting(0);
    expect(waitingShims(own.workRoot)).toEqual([]);
  });

  it('keeps the files of an attempt to itself and removes them when told to', async () => {
    const { attempt, context } = await bench.start(['echo', 'x']);
    await attempt.end;
    const folder = AttemptFolder.of(bench.workRoot, context);
    expect((await stat(folder.artifacts)).mode & 0o077).toBe(0);
    await cleanUp(bench.workRoot, context);
    expect(existsSync(folder.path)).toBe(false);
  });

  it('says which processes to recover and drives only those', async () => {
    const { attempt } = await bench.start(['sleep', '30']);
    const { shim, child } = attempt.handle as {
      shim: { pid: number };
      child: { pid: number };
    };
    expect(isRunning(shim.pid)).toBe(true);
    expect(isRunning(child.pid)).toBe(true);
    attempt.cancel({ force: false });
    expect(await attempt.end).toEqual({
      kind: 'signalled',
      signal: 'SIGTERM',
      stopped: true,
    });
    expect(isRunning(child.pid)).toBe(false);
    await eventually('the shim is gone', () => !isRunning(shim.pid));
  });
});
