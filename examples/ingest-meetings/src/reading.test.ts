import { administrate } from './testing/TestArchive.ts';
import { meeting } from './testing/sampleMeeting.ts';
import { useIngest } from './testing/useIngest.ts';

describe('the archive for those who read it', () => {
  const scene = useIngest();

  it('lets the reader role read everything and write nothing', async () => {
    const role = `ingest_reader_${Date.now()}`;
    await administrate(`create role ${role}`);
    try {
      await scene.ingest(await scene.files.write('m.json', [meeting(), 1]), {
        env: { ARCHIVE_READER_ROLE: role },
      });
      await scene.archive.rows(`set role ${role}`);
      expect(
        await scene.archive.rows('select title from meeting_summary_view'),
      ).toEqual([{ title: 'River Circle, 2025-03-03, Weekly' }]);
      expect(
        await scene.archive.rows('select * from ingestion_run_view'),
      ).toHaveLength(1);
      expect(
        await scene.archive.rows('select * from error_log_view'),
      ).toHaveLength(1);
      expect(await scene.archive.rows('select * from source')).toHaveLength(1);
      await expect(scene.archive.rows('delete from meetings')).rejects.toThrow(
        'permission denied',
      );
    } finally {
      await scene.archive.rows('reset role');
      await scene.archive.rows(`drop owned by ${role}`);
      await administrate(`drop role ${role}`);
    }
  });

  it('has the views in the shapes that the dashboard reads', async () => {
    await scene.ingest(
      await scene.files.write('m.json', [meeting({ host: '' })]),
      {
        sourceName: 'river archive',
      },
    );
    const record = await scene.archive.row(
      'select * from meeting_summary_view',
    );
    expect(Object.keys(record)).toEqual([
      'id',
      'source_id',
      'source_name',
      'workgroup',
      'meeting_date',
      'ingested_at',
      'title',
      'normalized_fields',
      'validation_warnings_count',
      'missing_fields',
      'provenance',
    ]);
    expect(record).toMatchObject({
      source_name: 'river archive',
      workgroup: 'River Circle',
      missing_fields: ['meetingInfo.host'],
      provenance: {
        source_url: expect.stringMatching(/m\.json$/),
        downloader_id: 'ingest-meetings/1',
        ingestion_run_id: expect.any(String),
      },
    });
    expect(
      Object.keys(
        await scene.archive.row('select * from ingestion_run_view'),
      ).slice(0, 7),
    ).toEqual([
      'id',
      'started_at',
      'finished_at',
      'status',
      'records_processed',
      'records_failed',
      'duplicates_avoided',
    ]);
    expect(
      Object.keys(
        await scene.archive.row(
          'select id, name, type, last_polled_at from source',
        ),
      ),
    ).toHaveLength(4);
  });
});
