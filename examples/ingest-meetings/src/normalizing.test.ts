import { GROUP, meeting } from './testing/sampleMeeting.ts';
import { useIngest } from './testing/useIngest.ts';

describe('what ingest-meetings makes of a meeting', () => {
  const scene = useIngest();

  it('really normalizes people, links, due dates, effects and tags', async () => {
    const url = await scene.files.write('m.json', [
      meeting({
        host: 'Maren, Wen',
        meetingVideoLink: '(https://video.example.org/1)',
        workingDocs: [{ title: 'Plan', link: 'https://docs.example.org/plan' }],
        timestampedVideo: {
          url: 'https://video.example.org/2',
          timestamps: '0:10 Hello',
        },
      }),
    ]);
    await scene.ingest(url);
    const people = await scene.archive.rows(
      `select role, name from meeting_people join people on id = person_id
       order by role, position`,
    );
    expect(people.map(row => `${row.role} ${row.name}`)).toEqual([
      'attendee Maren',
      'attendee Idris',
      'documenter Idris',
      'host Maren',
      'host Wen',
    ]);
    expect(await scene.archive.count('people')).toBe(4);
    expect(
      await scene.archive.rows(
        'select kind, title, url from meeting_links order by position',
      ),
    ).toEqual([
      { kind: 'video', title: null, url: 'https://video.example.org/1' },
      {
        kind: 'timestamped_video',
        title: null,
        url: 'https://video.example.org/2',
      },
      {
        kind: 'working_doc',
        title: 'Plan',
        url: 'https://docs.example.org/plan',
      },
    ]);
    expect(
      await scene.archive.rows(
        `select due_date::text, due_date_raw, status, assignee,
           (select array_agg(name order by position) from action_item_assignees
            join people p on p.id = person_id where action_item_id = a.id) as names
         from action_items a order by order_index`,
      ),
    ).toEqual([
      {
        due_date: '2025-03-11',
        due_date_raw: '11 March 2025',
        status: 'todo',
        assignee: 'Tove, Idris',
        names: ['Tove', 'Idris'],
      },
      {
        due_date: null,
        due_date_raw: null,
        status: 'done',
        assignee: null,
        names: null,
      },
    ]);
    expect(
      await scene.archive.row('select effect_scope from decision_items'),
    ).toEqual({
      effect_scope: 'may_affect_other_people',
    });
    expect(
      await scene.archive.rows(
        'select kind, tag from meeting_tags order by position',
      ),
    ).toEqual([
      { kind: 'topic', tag: 'willow' },
      { kind: 'topic', tag: 'bank' },
    ]);
    expect(
      await scene.archive.row(
        'select start_seconds, title from video_chapters',
      ),
    ).toEqual({
      start_seconds: 10,
      title: 'Hello',
    });
  });

  it('keeps raw as the bytes that came, and unknown keys beside it', async () => {
    const record = `{ "workgroup_id" : "${GROUP}","workgroup":"A",
      "meetingInfo":{"date":"2025-01-01","date":"2025-01-02"}, "n": 1.000e2,\t"big":12345678901234567890,
      "s":"\\u0000 \\ud83d é", "x":{"y":[1]} }`;
    const { exitCode, summary } = await scene.ingest(
      await scene.files.write('m.json', `[\n ${record} ]`),
    );
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({
      unknownKeys: ['n', 'big', 's', 'x'].map(path => ({ path, count: 1 })),
    });
    const row = await scene.archive.row(
      'select raw, raw_json, date::text from meetings',
    );
    expect(row.raw.toString()).toBe(record);
    expect(row).toMatchObject({ raw_json: null, date: '2025-01-02' });
    expect(
      await scene.archive.rows(
        'select path, value from meeting_unknown_keys order by position',
      ),
    ).toEqual([
      { path: 'n', value: 100 },
      { path: 'big', value: expect.any(Number) },
      { path: 's', value: null },
      { path: 'x', value: { y: [1] } },
    ]);
  });

  it('loads bytes that are not UTF-8 and nesting that no jsonb holds', async () => {
    const bad = Buffer.concat([
      Buffer.from(
        JSON.stringify(meeting())
          .replace(/"Planting"/, '"@"')
          .split('@')[0],
      ),
      Buffer.from([0xff, 0xc3]),
      Buffer.from(
        JSON.stringify(meeting())
          .replace(/"Planting"/, '"@"')
          .split('@')[1],
      ),
    ]);
    const deep = JSON.stringify(meeting({ date: '2025-03-04' })).replace(
      /}$/,
      `,"deep":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    );
    const { exitCode, summary } = await scene.ingest(
      await scene.files.write(
        'm.json',
        Buffer.concat([Buffer.from('['), bad, Buffer.from(`,${deep}]`)]),
      ),
    );
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({
      loaded: 2,
      warnings: { 'invalid-utf8': 1 },
    });
    const rows = await scene.archive.rows(
      'select raw, raw_json from meetings order by date',
    );
    expect(rows[0].raw.equals(bad)).toBe(true);
    expect(rows[1].raw.toString()).toBe(deep);
    expect(rows.map(row => row.raw_json)).toEqual([null, null]);
  });

  it('loads a meeting with bad parts, with a warning for each', async () => {
    const url = await scene.files.write('m.json', [
      meeting(
        { purpose: { a: 1 }, meetingVideoLink: 'none' },
        {
          agendaItems: [
            'text',
            {
              status: 'postponed',
              actionItems: [{ text: 'Some day', dueDate: 'soon' }],
              decisionItems: [
                { effect: 'affectsEverybody' },
                { decision: 'Yes' },
              ],
            },
          ],
        },
      ),
    ]);
    const { exitCode, summary } = await scene.ingest(url);
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({
      loaded: 1,
      warnings: {
        'wrong-type': 2,
        'not-a-link': 1,
        'unknown-status': 1,
        'unparsable-date': 1,
        'decision-without-text': 1,
        'unknown-effect': 1,
      },
      coverage: {
        'agendaItems[].actionItems[].dueDate': { raw: 1, normalized: 0 },
      },
    });
    const row = await scene.archive.row(
      'select warnings_count, warnings, missing_fields from meetings',
    );
    expect(row.warnings_count).toBe(7);
    expect(row.warnings).toContainEqual({
      code: 'unparsable-date',
      field: 'agendaItems[1].actionItems[0].dueDate',
      message: '"soon" is not a date',
    });
    expect(row.missing_fields).toEqual(['meetingInfo.purpose']);
  });

  it('asks nothing of cancelled meetings but their type', async () => {
    const { summary } = await scene.ingest(
      await scene.files.write('m.json', [
        {
          workgroup_id: GROUP,
          workgroup: 'A',
          meetingInfo: { date: '2025-01-01' },
          canceledSummary: true,
        },
      ]),
    );
    expect(summary).toMatchObject({
      loaded: 1,
      warnings: {},
      missingFields: { 'meetingInfo.typeOfMeeting': 1 },
    });
  });
});
