import { spawn, spawnSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..');
const PREFIX = '::millrace::';

const python = spawnSync('python3', [
  '-c',
  'import sys; sys.exit(sys.version_info < (3, 10))',
]);
const hasPython = python.status === 0;

/** What is looked at of the two outputs. */
interface Document {
  title: string;
  summary: { text: string }[];
  insights: { kind: string }[];
  topics: { term: string }[];
  targets: unknown[];
}

interface Message {
  type: string;
  name?: string;
  status?: string;
  message?: string;
  json?: Document;
  text?: string;
}

let folder: string;
let out: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'millrace-insights-'));
  out = path.join(folder, 'out');
  await mkdir(out);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(
  parameters: Record<string, unknown>,
  env: Record<string, string> = {},
) {
  const params = path.join(folder, 'params.json');
  await writeFile(params, JSON.stringify(parameters));
  const child = spawn('python3', ['-B', path.join(ROOT, 'main.py')], {
    env: {
      PATH: process.env.PATH,
      MILLRACE_PARAMS_FILE: params,
      MILLRACE_ARTIFACTS_DIR: out,
      ...env,
    },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', chunk => (stdout += chunk));
  child.stderr.on('data', chunk => (stderr += chunk));
  const exitCode = await new Promise<number | null>(resolve => {
    child.once('close', resolve);
  });
  const messages: Message[] = stdout
    .split('\n')
    .filter(line => line.startsWith(PREFIX))
    .map(line => JSON.parse(line.slice(PREFIX.length)));
  return {
    exitCode,
    stderr,
    messages,
    /** The last status of each step. */
    steps: Object.fromEntries(
      messages
        .filter(({ type }) => type === 'step')
        .map(({ name, status }) => [name, status]),
    ),
    output: (wanted: string) =>
      messages.find(({ type, name }) => type === 'output' && name === wanted)
        ?.json as Document,
  };
}

const SAMPLE = { source: 'harbour-talk.vtt' };

describe('video insights', () => {
  if (!hasPython) {
    it('is not to be tried without Python 3.10, whose absence the run reports', () => {
      expect(python.error ?? python.status).toBeTruthy();
    });
    return;
  }

  it('makes a summary, insights and topics of the sample, and publishes them', async () => {
    const { exitCode, steps, output, messages } = await run(SAMPLE);
    expect(exitCode).toBe(0);
    expect(steps).toEqual({
      download: 'succeeded',
      transcript: 'succeeded',
      analyse: 'succeeded',
      publish: 'succeeded',
    });
    const analysis = output('analysis');
    expect(analysis).toMatchObject({
      title: 'Harbour talk',
      numbers: { durationSeconds: 187, speakers: 2 },
    });
    expect(analysis.summary).toHaveLength(5);
    expect(analysis.topics[0]).toMatchObject({ weight: 1 });
    const topics = analysis.topics.map(({ term }) => term);
    expect(topics.join(' ')).toMatch(/tide (table|gauge)/);
    expect(analysis.insights.map(({ kind }) => kind)).toContain(
      'recommendation',
    );
    expect(output('publishing').targets).toEqual(
      ['page', 'notes', 'data'].map(target => ({
        target,
        state: 'published',
        location: expect.stringMatching(`^${target}/harbour-talk\\.`),
      })),
    );
    expect(messages.some(({ type }) => type === 'summary')).toBe(true);
    const page = await readFile(
      path.join(out, 'published/page/harbour-talk.html'),
      'utf8',
    );
    expect(page).toContain('<h1>Harbour talk</h1>');
  });

  it('says every sentence of the summary in the words of the talk', async () => {
    const { output } = await run(SAMPLE);
    const talk = (
      await readFile(path.join(ROOT, 'samples/harbour-talk.vtt'), 'utf8')
    ).replace(/<[^>]*>/g, '');
    for (const { text } of output('analysis').summary) {
      expect(talk).toContain(text);
    }
  });

  it('reads SubRip with tags, entities and rolling captions', async () => {
    const file = path.join(folder, 'a.srt');
    await writeFile(
      file,
      '\uFEFF1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>The lighthouse keeper counts the ships.</i>\r\n\r\n' +
        '2\r\n00:00:02,000 --> 00:00:03,500\r\nThe lighthouse keeper counts the ships. Tom &amp; Ann count the ships too.\r\n',
    );
    const { exitCode } = await run(
      { source: file },
      { VIDEO_INSIGHTS_FOLDERS: folder },
    );
    expect(exitCode).toBe(0);
    const cues = JSON.parse(
      await readFile(path.join(out, 'transcript.json'), 'utf8'),
    );
    expect(cues).toEqual([
      { start: 1, end: 2, text: 'The lighthouse keeper counts the ships.' },
      { start: 2, end: 3.5, text: 'Tom & Ann count the ships too.' },
    ]);
  });

  it.each([
    ['https://www.youtube.com/watch?v=abcdefghijk&t=10', 'abcdefghijk'],
    ['https://youtu.be/abcdefghijk?si=x', 'abcdefghijk'],
    ['https://m.youtube.com/shorts/abc-_fghijk', 'abc-_fghijk'],
    [
      'https://www.youtube.com/watch?v=abcdefghijk&list=PL1234567890',
      'abcdefghijk',
    ],
  ])('asks yt-dlp for the one video of %s', async (source, video) => {
    const bin = path.join(folder, 'bin');
    await mkdir(bin);
    await writeFile(
      path.join(bin, 'yt-dlp'),
      `#!/bin/sh
while [ "$1" != "--output" ]; do shift; done
folder=$(dirname "$2")
shift 3
printf 'WEBVTT\\n\\n00:00.000 --> 00:05.000\\nAsked for %s today, so says the caption.\\n' "$1" > "$folder/video.en.vtt"
printf '{"title":"A talk"}' > "$folder/video.info.json"
`,
    );
    await chmod(path.join(bin, 'yt-dlp'), 0o755);
    const { exitCode, output } = await run(
      { source },
      { PATH: `${bin}:${process.env.PATH}` },
    );
    expect(exitCode).toBe(0);
    expect(output('analysis').title).toBe('A talk');
    const kept = await readFile(path.join(out, 'source.json'), 'utf8');
    expect(kept).toContain(`https://www.youtube.com/watch?v=${video} today`);
  });

  it.each([
    ['https://www.youtube.com/playlist?list=PL123', 'is a playlist'],
    ['https://www.youtube.com/watch?list=PL123', 'is a playlist'],
    ['https://www.youtube.com/watch?v=short', 'names no video'],
    ['https://youtube.com.example.org/watch?v=abcdefghijk', 'no address'],
    ['https://vimeo.com/123', 'no address of a YouTube video'],
    ['file:///etc/passwd.vtt', 'no address of a YouTube video'],
    ['/etc/passwd', 'is no transcript'],
    ['../main.py', 'is no transcript'],
    ['../../secret.vtt', 'There is no file'],
    ['nothing.vtt', 'There is no file'],
  ])('refuses %s with a sentence', async (source, sentence) => {
    const { exitCode, steps, stderr } = await run({ source });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(sentence);
    expect(steps).toEqual({
      download: 'failed',
      transcript: 'skipped',
      analyse: 'skipped',
      publish: 'skipped',
    });
  });

  it('does not follow links out of its folders', async () => {
    await writeFile(path.join(folder, 'real.vtt'), 'WEBVTT');
    const inside = path.join(folder, 'inside');
    await mkdir(inside);
    await symlink(path.join(folder, 'real.vtt'), path.join(inside, 'a.vtt'));
    const { stderr } = await run(
      { source: path.join(inside, 'a.vtt') },
      { VIDEO_INSIGHTS_FOLDERS: inside },
    );
    expect(stderr).toContain('There is no file');
  });

  it('says what to install when there is no yt-dlp', async () => {
    const bin = path.join(folder, 'bin');
    await mkdir(bin);
    const found = spawnSync('python3', [
      '-c',
      'import sys; print(sys.executable)',
    ]);
    await symlink(found.stdout.toString().trim(), path.join(bin, 'python3'));
    const { exitCode, stderr } = await run(
      { source: 'https://youtu.be/abcdefghijk' },
      { PATH: bin },
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain('yt-dlp is not installed on this worker');
  });

  it('begins again at the failed step with the files of the earlier run', async () => {
    const blocked = path.join(folder, 'blocked');
    await writeFile(blocked, 'a file where a folder should be');
    const failed = await run(SAMPLE, { VIDEO_INSIGHTS_OUTPUT: blocked });
    expect(failed.exitCode).toBe(1);
    expect(failed.steps).toMatchObject({
      analyse: 'succeeded',
      publish: 'failed',
    });
    expect(failed.output('publishing').targets).toEqual(
      ['page', 'notes', 'data'].map(target => ({
        target,
        state: 'failed',
        message: expect.stringContaining('Error'),
      })),
    );

    const earlier = path.join(folder, 'earlier');
    await mkdir(earlier);
    for (const name of await readdir(out)) {
      await writeFile(
        path.join(earlier, name),
        await readFile(path.join(out, name)),
      );
      await rm(path.join(out, name));
    }
    const resumed = await run(SAMPLE, {
      VIDEO_INSIGHTS_OUTPUT: path.join(folder, 'good'),
      MILLRACE_RESUME_STEP: 'publish',
      MILLRACE_RESUME_DIR: earlier,
    });
    expect(resumed.exitCode).toBe(0);
    expect(resumed.steps).toEqual({
      download: 'skipped',
      transcript: 'skipped',
      analyse: 'skipped',
      publish: 'succeeded',
    });
    expect(await readdir(path.join(folder, 'good'))).toEqual([
      'data',
      'notes',
      'page',
    ]);
  });

  it('does not begin at a step whose files are gone', async () => {
    const { exitCode, stderr } = await run(SAMPLE, {
      MILLRACE_RESUME_STEP: 'publish',
      MILLRACE_RESUME_DIR: folder,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('retry from the start');
  });
});
