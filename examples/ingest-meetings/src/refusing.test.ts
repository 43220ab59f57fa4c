import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from './testing/runIngest.ts';
import { meeting } from './testing/sampleMeeting.ts';
import { useIngest } from './testing/useIngest.ts';

describe('what cannot be loaded', () => {
  const scene = useIngest();

  it('loads all that is whole in the hostile sample, and lists the rest', async () => {
    await cp(
      join(PACKAGE_FOLDER, 'samples/hostile.json'),
      scene.files.path('h.json'),
    );
    const url = `file://${scene.files.path('h.json')}`;
    const { exitCode, summary, output } = await scene.ingest(url);
    expect(exitCode).toBe(2);
    expect(summary).toMatchObject({
      status: 'partial',
      read: 20,
      loaded: 9,
      duplicatesAvoided: 1,
      refused: 10,
      errors: {
        'not-an-object': 4,
        'missing-workgroup': 2,
        'damaged-record': 2,
        'missing-date': 1,
        'unparsable-date': 1,
      },
    });
    const file = await readFile(scene.files.path('h.json'));
    const errors = await scene.archive.rows(
      `select e.*, v.raw_payload_ref, v.error_type as viewed
       from ingestion_errors e join error_log_view v using (id) order by byte_offset`,
    );
    expect(errors).toHaveLength(10);
    for (const error of errors) {
      const from = Number(error.byte_offset);
      const to = from + Number(error.byte_length);
      expect(error.raw.equals(file.subarray(from, to))).toBe(true);
      expect(error.raw_payload_ref).toBe(`ingestion_errors/${error.id}`);
      expect(error.viewed).toBe(error.error_type);
    }
    const lines = (await scene.files.artifact('errors.jsonl'))
      .trim()
      .split('\n');
    expect(lines.map(line => JSON.parse(line).raw_payload_ref).sort()).toEqual(
      errors.map(error => error.raw_payload_ref).sort(),
    );
    // The runner refuses a message in which any object has this key
    expect(summary?.unknownKeys).toContainEqual({
      path: '__proto__',
      count: 1,
    });
    expect(output).not.toContain('"__proto__":');
    expect(await scene.lastRun()).toMatchObject({
      status: 'partial',
      record_count: 20,
      records_failed: 10,
    });

    const again = await scene.ingest(url);
    expect(again.summary).toMatchObject({ loaded: 0, duplicatesAvoided: 10 });
  });

  it('loads what a truncated file has in whole, and ends partial', async () => {
    const text = JSON.stringify([
      meeting(),
      meeting({ date: '2025-03-10' }),
      meeting({ date: '2025-03-17' }),
    ]);
    const { exitCode, summary } = await scene.ingest(
      await scene.files.write('m.json', text.slice(0, -200)),
    );
    expect(exitCode).toBe(2);
    expect(summary).toMatchObject({
      read: 3,
      loaded: 2,
      refused: 1,
      errors: { 'damaged-record': 1 },
    });
  });

  it('ends partial when only the end of the array is missing', async () => {
    const { exitCode, summary } = await scene.ingest(
      await scene.files.write('m.json', `[${JSON.stringify(meeting())}`),
    );
    expect(exitCode).toBe(2);
    expect(summary).toMatchObject({
      read: 1,
      loaded: 1,
      refused: 0,
      errors: { 'damaged-file': 1 },
    });
  });

  it('leaves behind only the record that Postgres refuses', async () => {
    await scene.ingest(await scene.files.write('m.json', []));
    await scene.archive.rows(
      `alter table meetings add constraint no_tuesday check (extract(dow from date) <> 2)`,
    );
    const days = ['2025-03-03', '2025-03-04', '2025-03-05'];
    const { exitCode, summary } = await scene.ingest(
      await scene.files.write(
        'm.json',
        days.map(date => meeting({ date })),
      ),
    );
    expect(exitCode).toBe(2);
    expect(summary).toMatchObject({
      loaded: 2,
      refused: 1,
      errors: { 'refused-by-database': 1 },
    });
  });

  it.each([
    ['an object', '{"a":1}'],
    ['empty', ''],
    ['not JSON', '<html></html>'],
  ])('fails when the source is %s', async (_name, content) => {
    const { exitCode, output } = await scene.ingest(
      await scene.files.write('m.json', content),
    );
    expect(exitCode).toBe(1);
    expect(output).toContain('The source is not a JSON array');
    expect(await scene.lastRun()).toMatchObject({
      status: 'failed',
      record_count: 0,
    });
    expect(
      await scene.archive.row('select error_type from error_log_view'),
    ).toEqual({
      error_type: 'not-an-array',
    });
  });

  it('fails when not one record can be used', async () => {
    const { exitCode } = await scene.ingest(
      await scene.files.write('m.json', [1, 2]),
    );
    expect(exitCode).toBe(1);
    expect(await scene.lastRun()).toMatchObject({
      status: 'failed',
      records_failed: 2,
    });
  });

  it('succeeds on an empty array', async () => {
    const { exitCode } = await scene.ingest(
      await scene.files.write('m.json', []),
    );
    expect(exitCode).toBe(0);
    expect(await scene.lastRun()).toMatchObject({
      status: 'success',
      record_count: 0,
    });
  });
});
