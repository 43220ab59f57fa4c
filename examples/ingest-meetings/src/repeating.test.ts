import { meeting } from './testing/sampleMeeting.ts';
import { useIngest } from './testing/useIngest.ts';

describe('runs of ingest-meetings after and beside each other', () => {
  const scene = useIngest();

  it('stops in the middle of loading, and the next run carries on', async () => {
    const records = Array.from({ length: 3000 }, (_, index) =>
      meeting({
        date: new Date(index * 86_400_000).toISOString().slice(0, 10),
      }),
    );
    const url = await scene.files.write('m.json', records);
    const { exitCode } = await scene.ingest(url, {
      onOutput: (output, child) => {
        if (/records written/.test(output)) {
          child.kill('SIGTERM');
        }
      },
    });
    expect(exitCode).toBe(143);
    const stopped = await scene.lastRun();
    expect(stopped).toMatchObject({
      status: 'failed',
      failure_reason: 'interrupted',
    });
    expect(stopped.records_inserted).toBeLessThan(3000);
    expect(await scene.archive.count('meetings')).toBe(
      stopped.records_inserted,
    );

    const { summary } = await scene.ingest(url);
    expect(summary).toMatchObject({
      loaded: 3000 - stopped.records_inserted,
      duplicatesAvoided: stopped.records_inserted,
    });
    expect(await scene.archive.count('meetings')).toBe(3000);
  });

  it('finds a run that was killed, and marks it as interrupted', async () => {
    const url = await scene.files.write(
      'm.json',
      Array.from({ length: 2000 }, (_, index) =>
        meeting({ townHallNumber: index }),
      ),
    );
    await scene.ingest(url, {
      onOutput: (output, child) => {
        if (output.includes('[validate] running')) {
          child.kill('SIGKILL');
        }
      },
    });
    expect(await scene.lastRun()).toMatchObject({ status: 'running' });
    await scene.ingest(await scene.files.write('n.json', []));
    expect(
      await scene.archive.rows(
        'select status, failure_reason from ingestion_runs order by started_at',
      ),
    ).toEqual([
      { status: 'failed', failure_reason: 'interrupted' },
      { status: 'success', failure_reason: null },
    ]);
  });

  it('lets two runs at once load one archive without doubling anything', async () => {
    const url = await scene.files.write(
      'm.json',
      Array.from({ length: 300 }, (_, index) =>
        meeting({ townHallNumber: index }),
      ),
    );
    const results = await Promise.all([scene.ingest(url), scene.ingest(url)]);
    expect(results.map(result => result.exitCode)).toEqual([0, 0]);
    expect(await scene.archive.count('meetings')).toBe(300);
    const done = results.map(
      ({ summary }) => summary as Record<string, number> | undefined,
    );
    expect(done.map(summary => summary?.duplicatesAvoided).sort()).toEqual([
      0, 300,
    ]);
  });
});
