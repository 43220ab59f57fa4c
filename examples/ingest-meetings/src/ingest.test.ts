import { existsSync } from 'node:fs';
import { cp, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type IngestResult,
  PACKAGE_FOLDER,
  runProgram,
} from './testing/runIngest.ts';
import { meeting, realFile } from './testing/sampleMeeting.ts';
import { useIngest } from './testing/useIngest.ts';

describe('ingest-meetings', () => {
  const scene = useIngest();

  it('ingests the shipped sample, and avoids all of it the second time', async () => {
    await cp(
      join(PACKAGE_FOLDER, 'samples/meetings.json'),
      scene.files.path('m.json'),
    );
    const url = `file://${scene.files.path('m.json')}`;
    const first = await scene.ingest(url);
    expect(first.exitCode).toBe(0);
    expect(first.summary).toMatchObject({ read: 12, loaded: 12, refused: 0 });
    expect(await scene.archive.count('meetings')).toBe(12);

    const second = await scene.ingest(url);
    expect(second.exitCode).toBe(0);
    expect(second.summary).toMatchObject({
      read: 12,
      loaded: 0,
      updated: 0,
      duplicatesAvoided: 12,
    });
    expect(await scene.lastRun()).toMatchObject({
      status: 'success',
      record_count: 12,
      records_processed: 12,
      records_failed: 0,
      duplicates_avoided: 12,
      millrace_run_id: '01890000-0000-7000-8000-000000000001',
      millrace_attempt: 1,
    });
  });

  it('speaks the runner protocol: steps, progress, output, artifact, summary', async () => {
    const { protocol } = await scene.ingest(
      await scene.files.write('m.json', [meeting()]),
    );
    const steps = protocol.filter(line => line.type === 'step');
    expect(steps.map(({ name, status }) => `${name} ${status}`)).toEqual(
      ['download', 'validate', 'load', 'summarize'].flatMap(name => [
        `${name} running`,
        `${name} succeeded`,
      ]),
    );
    const progress = protocol.filter(line => line.type === 'progress');
    expect(progress.at(-1)).toMatchObject({ progress: 1 });
    expect(protocol).toContainEqual(
      expect.objectContaining({ type: 'artifact', path: 'report.json' }),
    );
    expect(protocol.at(-2)).toMatchObject({
      type: 'summary',
      text: expect.stringContaining('1 records read: 1 loaded'),
    });
    expect(JSON.parse(await scene.files.artifact('report.json'))).toMatchObject(
      {
        read: 1,
        archive: { meetings: 1, actionItems: 2 },
      },
    );
  });

  it('runs by hand, without a runner and in plain words', async () => {
    const url = await scene.files.write('m.json', [meeting()]);
    await scene.files.write('p.json', { url });
    const result = await runProgram(
      { databaseUrl: scene.archive.url },
      { INGEST_ALLOWED_FOLDERS: scene.files.folder },
      ['--params', scene.files.path('p.json')],
    );
    expect(result.exitCode).toBe(0);
    expect(result.output).not.toContain('::millrace::');
    expect(await scene.archive.count('meetings')).toBe(1);
  });

  it('reads a big file without holding it', async () => {
    const peakOf = ({ protocol }: IngestResult) =>
      Number(protocol.find(line => line.name === 'peakMemoryBytes')?.value);
    const small = await scene.ingest(
      await scene.files.write('small.json', [meeting({ date: '2024-01-01' })]),
    );
    const narrative = 'Nobody holds all of this at once. '.repeat(900);
    const records = Array.from({ length: 2000 }, (_, index) =>
      JSON.stringify(
        meeting(
          { townHallNumber: index },
          { agendaItems: [{ agenda: 'Long', narrative }] },
        ),
      ),
    );
    const url = await scene.files.write('big.json', `[${records.join(',')}]`);
    const big = await scene.ingest(url);
    expect(big.summary).toMatchObject({ loaded: 2000 });
    expect((await stat(scene.files.path('big.json'))).size).toBeGreaterThan(
      60_000_000,
    );
    expect(peakOf(big) - peakOf(small)).toBeLessThan(150 * 1024 * 1024);
  });

  // Real data lies beside the project where the team works, and is not shipped
  const realYears: [number, number][] = [
    [2022, 30],
    [2023, 18],
    [2025, 338],
  ];
  const present = realYears.filter(([year]) => existsSync(realFile(year)));
  if (present.length > 0) {
    it.each(present)('ingests the real year %i', async (year, records) => {
      const options = {
        env: { INGEST_ALLOWED_FOLDERS: dirname(realFile(year)) },
      };
      const url = pathToFileURL(realFile(year)).href;
      const first = await scene.ingest(url, options);
      expect(first.exitCode).toBe(0);
      expect(first.summary).toMatchObject({
        read: records,
        loaded: records,
        refused: 0,
        unknownKeys: [],
      });
      const counts = first.summary?.archive as Record<string, number>;
      for (const [name, table] of [
        ['meetings', 'meetings'],
        ['agendaItems', 'agenda_items'],
        ['actionItems', 'action_items'],
        ['decisionItems', 'decision_items'],
      ]) {
        expect(counts[name]).toBe(await scene.archive.count(table));
      }
      expect(counts.meetings).toBe(records);

      const file = await readFile(realFile(year));
      const parsed = JSON.parse(file.toString());
      const rows = await scene.archive.rows(
        'select raw, raw_json, byte_offset from meetings order by record_index',
      );
      rows.forEach((row, index) => {
        const from = Number(row.byte_offset);
        expect(row.raw.equals(file.subarray(from, from + row.raw.length))).toBe(
          true,
        );
        expect(JSON.parse(row.raw.toString())).toEqual(parsed[index]);
        expect(row.raw_json).toEqual(parsed[index]);
      });

      const second = await scene.ingest(url, options);
      expect(second.summary).toMatchObject({
        loaded: 0,
        updated: 0,
        duplicatesAvoided: records,
      });
      expect(await scene.archive.count('meetings')).toBe(records);
    });
  }

  it('never prints the address of the database', async () => {
    const secret = new URL(scene.archive.url);
    secret.password = 'hunter2secret';
    secret.username = 'nobody_here';
    const { exitCode, output } = await scene.ingest(
      await scene.files.write('m.json', []),
      {
        databaseUrl: secret.href,
      },
    );
    expect(exitCode).toBe(1);
    expect(output).not.toContain('hunter2secret');
    expect(output).not.toContain(secret.host);
  });
});
