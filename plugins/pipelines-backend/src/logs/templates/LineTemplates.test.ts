import fs from 'node:fs';
import path from 'node:path';
import { LineTemplates } from './LineTemplates';
import { withMemory } from './TemplatesService';

function learnt(...lines: string[]): LineTemplates {
  const templates = new LineTemplates({ maxTemplates: 1_000 });
  lines.forEach(line => templates.learn(line));
  return templates;
}

it('knows lines that differ only in numbers, ids, times and quoted values', () => {
  const templates = learnt(
    "2026-11-21T10:00:00Z INFO row 7 of 'a.csv' took 3 ms",
  );
  expect(
    templates.knows("2026-12-01T23:59:59Z INFO row 81 of 'b.csv' took 90 ms"),
  ).toBe(true);
  expect(templates.size).toBe(1);
});

it.each([
  ['another word', 'Upload done', 'Upload failed'],
  ['one more word', 'Upload done', 'Upload done twice'],
  ['another level', 'INFO disk full', 'ERROR disk full'],
  [
    'another exception',
    'ended by java.io.IOException',
    'ended by java.io.EOFException',
  ],
  ['another exit code', 'exited with code 0', 'exited with code 1'],
  ['another constant', 'event TASK_DONE', 'event TASK_ABORT'],
  ['another value of a key', 'state=ok rows=7', 'state=bad rows=8'],
  ['a name that was always the same', 'loaded main.conf', 'loaded other.conf'],
])('finds novel what has %s', (_, line, novel) => {
  expect(learnt(line).knows(novel)).toBe(false);
});

it('takes a name for anything once it has differed', () => {
  const templates = learnt('loaded main.conf', 'loaded other.conf');
  expect(templates.knows('loaded third.conf')).toBe(true);
  expect(templates.templateOf('loaded third.conf')).toBe('loaded <*>');
  expect(templates.size).toBe(1);
});

it('takes a plain word for anything once eight were seen at its place', () => {
  const names = ['ada', 'bob', 'cleo', 'dan', 'eve', 'finn', 'gus', 'hal'];
  const line = (name: string) => `the user ${name} has logged in`;
  const seven = learnt(...names.slice(0, 7).map(line));
  expect(seven.knows(line('zoe'))).toBe(false);
  const eight = learnt(...names.map(line));
  expect(eight.size).toBe(1);
  expect(eight.knows(line('zoe'))).toBe(true);
  expect(eight.knows(line('ada'))).toBe(true);
  expect(eight.knows('the user zoe has logged out')).toBe(false);
});

it('keeps what it has learnt of lines with a name where a plain word was taken for anything', () => {
  const line = (name: string, end: string) =>
    `the user ${name} has gone ${end}`;
  const words = 'ada bob cleo dan eve finn gus hal'.split(' ');
  const templates = learnt(
    line('a.b', 'c.conf'),
    ...words.map(word => line(word, 'd.conf')),
  );
  expect(templates.size).toBe(1);
  expect(templates.knows(line('a.b', 'c.conf'))).toBe(true);
  expect(templates.knows(line('ada', 'd.conf'))).toBe(true);
});

it('still knows all lines when it was sealed', () => {
  const words = 'ada bob cleo dan eve finn gus hal'.split(' ');
  const templates = learnt(
    'Upload done',
    ...words.map(word => `the user ${word} has gone`),
  );
  templates.seal();
  expect(templates.knows('Upload done')).toBe(true);
  expect(templates.knows('the user zoe has gone')).toBe(true);
  expect(templates.knows('Upload failed')).toBe(false);
});

it('counts the words of only so many places', () => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const fill = letters.flatMap(a =>
    letters
      .flatMap(b => letters.slice(0, 2).map(c => `${c}${a}${b}`))
      .map(word => Array.from({ length: 40 }, () => word).join(' ')),
  );
  const templates = new LineTemplates({ maxTemplates: 5_000 });
  fill.forEach(line => templates.learn(line));
  const before = templates.size;
  const words = 'ada bob cleo dan eve finn gus hal'.split(' ');
  words.forEach(word => templates.learn(`the user ${word} has gone`));
  expect(templates.size).toBe(before + words.length);
});

it('never takes a level for anything', () => {
  const levels = [
    'FATAL',
    'ERROR',
    'WARN',
    'INFO',
    'DEBUG',
    'TRACE',
    'NOTICE',
    'CRITICAL',
  ];
  const templates = learnt(...levels.map(l => `${l} the disk is full now`));
  expect(templates.size).toBe(8);
});

it('reads the message of JSON lines, wherever it stands', () => {
  const templates = learnt('{"time":1,"level":"info","msg":"read 7 rows"}');
  expect(templates.knows('{"msg":"read 9 rows","level":"info"}')).toBe(true);
  expect(templates.knows('{"msg":"read 9 rows","level":"error"}')).toBe(false);
  expect(templates.knows('{"level":"info","msg":"lost 9 rows"}')).toBe(false);
});

it('knows empty lines, and keeps lines of names alone as they are', () => {
  const templates = learnt('a.b c_d');
  expect(templates.knows('')).toBe(true);
  expect(templates.knows('a.b c_d')).toBe(true);
  expect(templates.knows('e.f g_h')).toBe(false);
});

it('learns the same from templates of its own, in any order', () => {
  const first = learnt('loaded a.conf', 'loaded b.conf', 'x 1', 'state=ok');
  const second = new LineTemplates({ maxTemplates: 1_000 });
  first
    .entries()
    .reverse()
    .forEach(({ template }) => second.learnTemplate(template));
  expect(new Map(second.entries().map(e => [e.kind, e.template]))).toEqual(
    new Map(first.entries().map(e => [e.kind, e.template])),
  );
  expect(second.knows('loaded c.conf')).toBe(true);
});

it('still takes a word for anything when it was learnt from templates', () => {
  const words = 'ada bob cleo dan eve finn gus hal'.split(' ');
  const first = learnt(...words.map(word => `the user ${word} has gone`));
  const second = new LineTemplates({ maxTemplates: 10 });
  first.entries().forEach(({ template }) => second.learnTemplate(template));
  expect(second.entries()).toEqual(first.entries());
  expect(second.knows('the user zoe has gone')).toBe(true);
});

it('learns only so many templates, and says so', () => {
  const templates = new LineTemplates({ maxTemplates: 2 });
  ['one', 'two', 'two', 'three'].forEach(line => templates.learn(line));
  expect(templates.size).toBe(2);
  expect(templates.isFull).toBe(true);
});

const DATA = path.resolve(__dirname, '../../../../../../shared/data/logs');
const files = fs.existsSync(DATA)
  ? fs.readdirSync(DATA).filter(name => name.endsWith('.log'))
  : [];

it('knows every line of a real log after it has learnt them, where there are any', () => {
  for (const file of files) {
    const text = fs.readFileSync(path.join(DATA, file), 'utf8');
    const lines = text.split(/\r?\n/);
    const templates = learnt(...lines);
    expect(lines.filter(line => !templates.knows(line))).toEqual([]);
  }
});

describe('withMemory', () => {
  const asked: string[] = [];
  const isNovel = withMemory(text => asked.push(text) > 0);

  beforeEach(() => asked.splice(0));

  it('asks once for lines that differ only in digits and ids', () => {
    isNovel('row 17 of 0193a0b1-7a2e-7c11-8f00-0a1b2c3d4e5f at 9fceb02d');
    isNovel('row 42 of 1193a0b1-7a2e-7c11-8f00-0a1b2c3d4eff at 0faab02d');
    expect(asked).toHaveLength(1);
    isNovel('row 42 of it');
    expect(asked).toHaveLength(2);
  });

  it('asks each time where the digits can be what counts', () => {
    isNovel('exited with code 1');
    isNovel('exited with code 2');
    expect(asked).toHaveLength(2);
  });
});
