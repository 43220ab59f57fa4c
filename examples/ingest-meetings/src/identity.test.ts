import { GROUP, meeting } from './testing/sampleMeeting.ts';
import { useIngest } from './testing/useIngest.ts';

describe('identity', () => {
  const scene = useIngest();

  const ids = async () =>
    (
      await scene.archive.rows('select id from meetings order by record_index')
    ).map(row => row.id);

  it('updates the row of a corrected record and removes the children that are gone', async () => {
    const record = meeting();
    await scene.ingest(await scene.files.write('m.json', [record]));
    const before = await ids();
    record.meetingInfo.purpose = 'Something else';
    record.meetingInfo.host = 'Somebody else';
    record.agendaItems = [
      { status: 'resolved', actionItems: [{ text: 'New' }] },
    ];
    const { summary } = await scene.ingest(
      await scene.files.write('m.json', [record]),
    );
    expect(summary).toMatchObject({
      loaded: 0,
      updated: 1,
      duplicatesAvoided: 0,
    });
    expect(await ids()).toEqual(before);
    expect(await scene.archive.row('select text from action_items')).toEqual({
      text: 'New',
    });
    expect(await scene.archive.count('decision_items')).toBe(0);
    expect(await scene.archive.count('discussion_points')).toBe(0);
    expect(
      await scene.archive.row('select times_upserted, purpose from meetings'),
    ).toEqual({ times_upserted: 2, purpose: 'Something else' });
  });

  it('keeps two meetings of one group on one day apart, also when one is corrected and the order changes', async () => {
    const a = meeting({ purpose: 'Morning' });
    const b = meeting({ purpose: 'Evening' });
    await scene.ingest(await scene.files.write('m.json', [a, b]));
    const [idA, idB] = await ids();
    const corrected = meeting({ purpose: 'Morning, corrected' });
    const { summary } = await scene.ingest(
      await scene.files.write('m.json', [b, corrected]),
    );
    expect(summary).toMatchObject({ updated: 1, duplicatesAvoided: 1 });
    expect(
      await scene.archive.rows(
        'select id, purpose from meetings order by purpose',
      ),
    ).toEqual([
      { id: idB, purpose: 'Evening' },
      { id: idA, purpose: 'Morning, corrected' },
    ]);
  });

  it('avoids a record that stands twice in the file, however it is laid out', async () => {
    const record = JSON.stringify(meeting());
    const pretty = JSON.stringify(meeting(), undefined, 4);
    const { summary } = await scene.ingest(
      await scene.files.write('m.json', `[${record},${pretty},${record}]`),
    );
    expect(summary).toMatchObject({
      read: 3,
      loaded: 1,
      duplicatesAvoided: 2,
    });
  });

  it('takes over new bytes when only the layout changed', async () => {
    await scene.ingest(
      await scene.files.write('m.json', JSON.stringify([meeting()])),
    );
    const { summary } = await scene.ingest(
      await scene.files.write('m.json', [meeting()]),
    );
    expect(summary).toMatchObject({ updated: 1 });
    expect(await scene.archive.count('meetings')).toBe(1);
  });

  it('knows a group that is only named by the id it has elsewhere', async () => {
    const { workgroup_id: _, ...unnamed } = meeting({ date: '2025-04-01' });
    const { summary } = await scene.ingest(
      await scene.files.write('m.json', [unnamed, meeting()]),
    );
    expect(summary).toMatchObject({
      loaded: 2,
      warnings: { 'workgroup-id-missing': 1 },
    });
    expect(await scene.archive.rows('select id from workgroups')).toEqual([
      { id: GROUP },
    ]);
  });
});
