import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { cp, readFile, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TestArchive, administrate } from './testing/TestArchive.ts';
import {
  type IngestOptions,
  type IngestResult,
  PACKAGE_FOLDER,
  Workspace,
  runProgram,
} from './testing/runIngest.ts';

const GROUP = '5f0c1d7e-8a3b-4c92-9e61-2d4b7a90c3f1';

const realFile = (year: number) =>
  join(PACKAGE_FOLDER, `../../../shared/data/meetings/${year}.json`);

type Meeting = Record<string, unknown> & {
  meetingInfo: Record<string, unknown>;
};

const meeting = (
  info: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
): Meeting => ({
  workgroup: 'River Circle',
  workgroup_id: GROUP,
  meetingInfo: {
    typeOfMeeting: 'Weekly',
    date: '2025-03-03',
    host: 'Maren',
    documenter: 'Idris',
    peoplePresent: 'Maren, Idris',
    purpose: 'Planting',
    ...info,
  },
  agendaItems: [
    {
      status: 'carry over',
      actionItems: [
        {
          text: 'Order cuttings',
          assignee: 'Tove, Idris',
          dueDate: '11 March 2025',
          status: 'todo',
        },
        { text: 'Walk the bank', status: 'done' },
      ],
      decisionItems: [
        { decision: 'Local willow only', effect: 'mayAffectOtherPeople' },
      ],
      discussionPoints: ['Who lends a boat', 'When'],
    },
  ],
  tags: { topicsCovered: 'willow, bank' },
  ...more,
});

jest.setTimeout(60_000);

describe('ingest-meetings', () => {
  let archive: TestArchive;
  let files: Workspace;

  const ingest = (url: string, options: Partial<IngestOptions> = {}) =>
    files.ingest({ databaseUrl: archive.url, url, ...options });

  const lastRun = () =>
    archive.row(
      'select * from ingestion_runs order by started_at desc limit 1',
    );

  beforeAll(async () => {
    archive = await TestArchive.create();
  });
  beforeEach(async () => {
    await archive.empty();
    files = await Workspace.create();
  });
  afterEach(() => files.remove());
  afterAll(() => archive.drop());

  it('ingests the shipped sample, and avoids all of it the second time', async () => {
    await cp(
      join(PACKAGE_FOLDER, 'samples/meetings.json'),
      files.path('m.json'),
    );
    const url = `file://${files.path('m.json')}`;
    const first = await ingest(url);
    expect(first.exitCode).toBe(0);
    expect(first.summary).toMatchObject({ read: 12, loaded: 12, refused: 0 });
    expect(await archive.count('meetings')).toBe(12);

    const second = await ingest(url);
    expect(second.exitCode).toBe(0);
    expect(second.summary).toMatchObject({
      read: 12,
      loaded: 0,
      updated: 0,
      duplicatesAvoided: 12,
    });
    expect(await lastRun()).toMatchObject({
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
    const { protocol } = await ingest(await files.write('m.json', [meeting()]));
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
    expect(JSON.parse(await files.artifact('report.json'))).toMatchObject({
      read: 1,
      archive: { meetings: 1, actionItems: 2 },
    });
  });

  it('runs by hand, without a runner and in plain words', async () => {
    const url = await files.write('m.json', [meeting()]);
    await files.write('p.json', { url });
    const result = await runProgram(
      { databaseUrl: archive.url },
      { INGEST_ALLOWED_FOLDERS: files.folder },
      ['--params', files.path('p.json')],
    );
    expect(result.exitCode).toBe(0);
    expect(result.output).not.toContain('::millrace::');
    expect(await archive.count('meetings')).toBe(1);
  });

  it('really normalizes people, links, due dates, effects and tags', async () => {
    const url = await files.write('m.json', [
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
    await ingest(url);
    const people = await archive.rows(
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
    expect(await archive.count('people')).toBe(4);
    expect(
      await archive.rows(
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
      await archive.rows(
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
      await archive.row('select effect_scope from decision_items'),
    ).toEqual({
      effect_scope: 'may_affect_other_people',
    });
    expect(
      await archive.rows(
        'select kind, tag from meeting_tags order by position',
      ),
    ).toEqual([
      { kind: 'topic', tag: 'willow' },
      { kind: 'topic', tag: 'bank' },
    ]);
    expect(
      await archive.row('select start_seconds, title from video_chapters'),
    ).toEqual({
      start_seconds: 10,
      title: 'Hello',
    });
  });

  it('keeps raw as the bytes that came, and unknown keys beside it', async () => {
    const record = `{ "workgroup_id" : "${GROUP}","workgroup":"A",
      "meetingInfo":{"date":"2025-01-01","date":"2025-01-02"}, "n": 1.000e2,\t"big":12345678901234567890,
      "s":"\\u0000 \\ud83d é", "x":{"y":[1]} }`;
    const { exitCode, summary } = await ingest(
      await files.write('m.json', `[\n ${record} ]`),
    );
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({
      unknownKeys: ['n', 'big', 's', 'x'].map(path => ({ path, count: 1 })),
    });
    const row = await archive.row(
      'select raw, raw_json, date::text from meetings',
    );
    expect(row.raw.toString()).toBe(record);
    expect(row).toMatchObject({ raw_json: null, date: '2025-01-02' });
    expect(
      await archive.rows(
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
    const { exitCode, summary } = await ingest(
      await files.write(
        'm.json',
        Buffer.concat([Buffer.from('['), bad, Buffer.from(`,${deep}]`)]),
      ),
    );
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({
      loaded: 2,
      warnings: { 'invalid-utf8': 1 },
    });
    const rows = await archive.rows(
      'select raw, raw_json from meetings order by date',
    );
    expect(rows[0].raw.equals(bad)).toBe(true);
    expect(rows[1].raw.toString()).toBe(deep);
    expect(rows.map(row => row.raw_json)).toEqual([null, null]);
  });

  it('loads a meeting with bad parts, with a warning for each', async () => {
    const url = await files.write('m.json', [
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
    const { exitCode, summary } = await ingest(url);
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
    const row = await archive.row(
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
    const { summary } = await ingest(
      await files.write('m.json', [
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

  describe('identity', () => {
    const ids = async () =>
      (await archive.rows('select id from meetings order by record_index')).map(
        row => row.id,
      );

    it('updates the row of a corrected record and removes the children that are gone', async () => {
      const record = meeting();
      await ingest(await files.write('m.json', [record]));
      const before = await ids();
      record.meetingInfo.purpose = 'Something else';
      record.meetingInfo.host = 'Somebody else';
      record.agendaItems = [
        { status: 'resolved', actionItems: [{ text: 'New' }] },
      ];
      const { summary } = await ingest(await files.write('m.json', [record]));
      expect(summary).toMatchObject({
        loaded: 0,
        updated: 1,
        duplicatesAvoided: 0,
      });
      expect(await ids()).toEqual(before);
      expect(await archive.row('select text from action_items')).toEqual({
        text: 'New',
      });
      expect(await archive.count('decision_items')).toBe(0);
      expect(await archive.count('discussion_points')).toBe(0);
      expect(
        await archive.row('select times_upserted, purpose from meetings'),
      ).toEqual({ times_upserted: 2, purpose: 'Something else' });
    });

    it('keeps two meetings of one group on one day apart, also when one is corrected and the order changes', async () => {
      const a = meeting({ purpose: 'Morning' });
      const b = meeting({ purpose: 'Evening' });
      await ingest(await files.write('m.json', [a, b]));
      const [idA, idB] = await ids();
      const corrected = meeting({ purpose: 'Morning, corrected' });
      const { summary } = await ingest(
        await files.write('m.json', [b, corrected]),
      );
      expect(summary).toMatchObject({ updated: 1, duplicatesAvoided: 1 });
      expect(
        await archive.rows('select id, purpose from meetings order by purpose'),
      ).toEqual([
        { id: idB, purpose: 'Evening' },
        { id: idA, purpose: 'Morning, corrected' },
      ]);
    });

    it('avoids a record that stands twice in the file, however it is laid out', async () => {
      const record = JSON.stringify(meeting());
      const pretty = JSON.stringify(meeting(), undefined, 4);
      const { summary } = await ingest(
        await files.write('m.json', `[${record},${pretty},${record}]`),
      );
      expect(summary).toMatchObject({
        read: 3,
        loaded: 1,
        duplicatesAvoided: 2,
      });
    });

    it('takes over new bytes when only the layout changed', async () => {
      await ingest(await files.write('m.json', JSON.stringify([meeting()])));
      const { summary } = await ingest(
        await files.write('m.json', [meeting()]),
      );
      expect(summary).toMatchObject({ updated: 1 });
      expect(await archive.count('meetings')).toBe(1);
    });

    it('knows a group that is only named by the id it has elsewhere', async () => {
      const { workgroup_id: _, ...unnamed } = meeting({ date: '2025-04-01' });
      const { summary } = await ingest(
        await files.write('m.json', [unnamed, meeting()]),
      );
      expect(summary).toMatchObject({
        loaded: 2,
        warnings: { 'workgroup-id-missing': 1 },
      });
      expect(await archive.rows('select id from workgroups')).toEqual([
        { id: GROUP },
      ]);
    });
  });

  describe('what cannot be loaded', () => {
    it('loads all that is whole in the hostile sample, and lists the rest', async () => {
      await cp(
        join(PACKAGE_FOLDER, 'samples/hostile.json'),
        files.path('h.json'),
      );
      const url = `file://${files.path('h.json')}`;
      const { exitCode, summary, output } = await ingest(url);
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
      const file = await readFile(files.path('h.json'));
      const errors = await archive.rows(
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
      const lines = (await files.artifact('errors.jsonl')).trim().split('\n');
      expect(
        lines.map(line => JSON.parse(line).raw_payload_ref).sort(),
      ).toEqual(errors.map(error => error.raw_payload_ref).sort());
      // The runner refuses a message in which any object has this key
      expect(summary?.unknownKeys).toContainEqual({
        path: '__proto__',
        count: 1,
      });
      expect(output).not.toContain('"__proto__":');
      expect(await lastRun()).toMatchObject({
        status: 'partial',
        record_count: 20,
        records_failed: 10,
      });

      const again = await ingest(url);
      expect(again.summary).toMatchObject({ loaded: 0, duplicatesAvoided: 10 });
    });

    it('loads what a truncated file has in whole, and ends partial', async () => {
      const text = JSON.stringify([
        meeting(),
        meeting({ date: '2025-03-10' }),
        meeting({ date: '2025-03-17' }),
      ]);
      const { exitCode, summary } = await ingest(
        await files.write('m.json', text.slice(0, -200)),
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
      const { exitCode, summary } = await ingest(
        await files.write('m.json', `[${JSON.stringify(meeting())}`),
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
      await ingest(await files.write('m.json', []));
      await archive.rows(
        `alter table meetings add constraint no_tuesday check (extract(dow from date) <> 2)`,
      );
      const days = ['2025-03-03', '2025-03-04', '2025-03-05'];
      const { exitCode, summary } = await ingest(
        await files.write(
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
      const { exitCode, output } = await ingest(
        await files.write('m.json', content),
      );
      expect(exitCode).toBe(1);
      expect(output).toContain('The source is not a JSON array');
      expect(await lastRun()).toMatchObject({
        status: 'failed',
        record_count: 0,
      });
      expect(
        await archive.row('select error_type from error_log_view'),
      ).toEqual({
        error_type: 'not-an-array',
      });
    });

    it('fails when not one record can be used', async () => {
      const { exitCode } = await ingest(await files.write('m.json', [1, 2]));
      expect(exitCode).toBe(1);
      expect(await lastRun()).toMatchObject({
        status: 'failed',
        records_failed: 2,
      });
    });

    it('succeeds on an empty array', async () => {
      const { exitCode } = await ingest(await files.write('m.json', []));
      expect(exitCode).toBe(0);
      expect(await lastRun()).toMatchObject({
        status: 'success',
        record_count: 0,
      });
    });
  });

  describe('the source', () => {
    it('does not read files outside of the allowed folders, nor through links', async () => {
      await files.write('m.json', []);
      await symlink('/etc/hostname', files.path('link.json'));
      for (const url of [
        'file:///etc/hostname',
        `file://${files.folder}/../../etc/hostname`,
        `file://${files.folder}/%2e%2e/other.json`,
        `file://${files.folder}/link.json`,
        `file://${files.folder}-other/m.json`,
      ]) {
        const { exitCode, output } = await ingest(url);
        expect(exitCode).toBe(1);
        expect(output).toContain(
          'is not in a folder that INGEST_ALLOWED_FOLDERS names',
        );
      }
      expect(
        await archive.rows('select distinct error_type from ingestion_errors'),
      ).toEqual([{ error_type: 'file-not-allowed' }]);
    });

    it('says so when the file is a folder or is not there', async () => {
      const missing = await ingest(`file://${files.folder}/nothing.json`);
      expect(missing.output).toContain('There is no file');
      expect(missing.exitCode).toBe(1);
    });

    it.each([
      [{}, 'url'],
      [{ url: 'ftp://example.org/a' }, 'url'],
      [{ url: 'file:///a', more: 1 }, 'more'],
    ])('refuses parameters that are wrong: %j', async (params, named) => {
      await files.write('p.json', params);
      const { exitCode, output } = await runProgram(
        { databaseUrl: archive.url },
        {},
        ['--params', files.path('p.json')],
      );
      expect(exitCode).toBe(64);
      expect(output).toContain(named);
    });

    describe('on the web', () => {
      let base: string;
      const server = createServer((request, response) => {
        const path = request.url ?? '';
        if (path.startsWith('/ok')) {
          response.end(JSON.stringify([meeting()]));
        } else if (path.startsWith('/moved')) {
          response.writeHead(302, { location: '/ok' }).end();
        } else if (path === '/to-file') {
          response.writeHead(302, { location: 'file:///etc/hostname' }).end();
        } else if (path === '/to-metadata') {
          const location = 'http://169.254.169.254/latest/meta-data/';
          response.writeHead(302, { location }).end();
        } else if (path === '/to-name') {
          const location = `http://localhost:${base.split(':')[1]}/ok`;
          response.writeHead(302, { location }).end();
        } else if (path === '/loop') {
          response.writeHead(302, { location: '/loop' }).end();
        } else if (path === '/slow') {
          response.write('[');
        } else if (path === '/cut') {
          response.writeHead(200, { 'content-length': '1000' });
          response.write('[');
          setImmediate(() => response.destroy());
        } else {
          response.writeHead(404).end();
        }
      });

      beforeAll(async () => {
        await new Promise<void>(done => {
          server.listen(0, '127.0.0.1', done);
        });
        base = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      });
      afterAll(() => {
        server.closeAllConnections();
        server.close();
      });

      it('follows redirects, and stores no secret of the address', async () => {
        const { exitCode, output } = await ingest(
          `http://${base}/moved?token=s3cret`,
          { env: { INGEST_ALLOWED_HOSTS: 'elsewhere.test, 127.0.0.1' } },
        );
        expect(exitCode).toBe(0);
        const run = await lastRun();
        expect(run.source_url).toBe(`http://${base}/moved`);
        expect(output).not.toContain('s3cret');
      });

      it.each([
        ['/nothing', {}, 'http-status', 'The source answered 404 Not Found'],
        ['/to-file', {}, 'bad-redirect', 'not an http(s) address'],
        ['/loop', {}, 'too-many-redirects', 'more than 5 times'],
        ['/to-metadata', {}, 'host-not-allowed', "'169.254.169.254'"],
        ['/to-name', {}, 'host-not-allowed', 'INGEST_ALLOWED_HOSTS'],
        [
          '/slow',
          { INGEST_DOWNLOAD_TIMEOUT_SECONDS: '0.5' },
          'source-timeout',
          '0.5 s',
        ],
        [
          '/ok',
          { INGEST_MAX_BYTES: '10' },
          'source-too-big',
          'INGEST_MAX_BYTES',
        ],
        ['/cut', {}, 'source-unreachable', 'cannot be read'],
      ])('fails on %s', async (path, env, errorType, message) => {
        const { exitCode, output } = await ingest(`http://${base}${path}`, {
          env: { INGEST_ALLOWED_HOSTS: base, ...env },
        });
        expect(exitCode).toBe(1);
        expect(output).toContain(message);
        expect(await lastRun()).toMatchObject({ status: 'failed' });
        expect(
          await archive.row('select error_type from ingestion_errors'),
        ).toEqual({
          error_type: errorType,
        });
      });

      it.each([
        [() => `http://${base}/ok`],
        [() => 'http://localhost/ok'],
        [() => 'http://user:word@example.org/ok'],
      ])(
        'asks nobody inside of the network unless it is allowed (%#)',
        async url => {
          const { exitCode, output } = await ingest(url());
          expect(exitCode).toBe(1);
          expect(output).toMatch(/INGEST_ALLOWED_HOSTS|a user or a password/);
          expect(output).not.toContain('word@');
        },
      );

      it('stops at SIGTERM, marks the run as interrupted and exits non-zero', async () => {
        const { exitCode, protocol } = await ingest(`http://${base}/slow`, {
          env: { INGEST_ALLOWED_HOSTS: '127.0.0.1' },
          onOutput: (output, child) => {
            if (output.includes('[download] running')) {
              child.kill('SIGTERM');
            }
          },
        });
        expect(exitCode).toBe(143);
        expect(protocol.filter(line => line.type === 'step')).toEqual([
          { type: 'step', name: 'download', status: 'running' },
        ]);
        expect(await lastRun()).toMatchObject({
          status: 'failed',
          failure_reason: 'interrupted',
        });
      });
    });
  });

  it('stops in the middle of loading, and the next run carries on', async () => {
    const records = Array.from({ length: 3000 }, (_, index) =>
      meeting({
        date: new Date(index * 86_400_000).toISOString().slice(0, 10),
      }),
    );
    const url = await files.write('m.json', records);
    const { exitCode } = await ingest(url, {
      onOutput: (output, child) => {
        if (/records written/.test(output)) {
          child.kill('SIGTERM');
        }
      },
    });
    expect(exitCode).toBe(143);
    const stopped = await lastRun();
    expect(stopped).toMatchObject({
      status: 'failed',
      failure_reason: 'interrupted',
    });
    expect(stopped.records_inserted).toBeLessThan(3000);
    expect(await archive.count('meetings')).toBe(stopped.records_inserted);

    const { summary } = await ingest(url);
    expect(summary).toMatchObject({
      loaded: 3000 - stopped.records_inserted,
      duplicatesAvoided: stopped.records_inserted,
    });
    expect(await archive.count('meetings')).toBe(3000);
  });

  it('finds a run that was killed, and marks it as interrupted', async () => {
    const url = await files.write(
      'm.json',
      Array.from({ length: 2000 }, (_, index) =>
        meeting({ townHallNumber: index }),
      ),
    );
    await ingest(url, {
      onOutput: (output, child) => {
        if (output.includes('[validate] running')) {
          child.kill('SIGKILL');
        }
      },
    });
    expect(await lastRun()).toMatchObject({ status: 'running' });
    await ingest(await files.write('n.json', []));
    expect(
      await archive.rows(
        'select status, failure_reason from ingestion_runs order by started_at',
      ),
    ).toEqual([
      { status: 'failed', failure_reason: 'interrupted' },
      { status: 'success', failure_reason: null },
    ]);
  });

  it('lets two runs at once load one archive without doubling anything', async () => {
    const url = await files.write(
      'm.json',
      Array.from({ length: 300 }, (_, index) =>
        meeting({ townHallNumber: index }),
      ),
    );
    const results = await Promise.all([ingest(url), ingest(url)]);
    expect(results.map(result => result.exitCode)).toEqual([0, 0]);
    expect(await archive.count('meetings')).toBe(300);
    const done = results.map(
      ({ summary }) => summary as Record<string, number> | undefined,
    );
    expect(done.map(summary => summary?.duplicatesAvoided).sort()).toEqual([
      0, 300,
    ]);
  });

  it('lets the reader role read everything and write nothing', async () => {
    const role = `ingest_reader_${Date.now()}`;
    await administrate(`create role ${role}`);
    try {
      await ingest(await files.write('m.json', [meeting(), 1]), {
        env: { ARCHIVE_READER_ROLE: role },
      });
      await archive.rows(`set role ${role}`);
      expect(
        await archive.rows('select title from meeting_summary_view'),
      ).toEqual([{ title: 'River Circle, 2025-03-03, Weekly' }]);
      expect(
        await archive.rows('select * from ingestion_run_view'),
      ).toHaveLength(1);
      expect(await archive.rows('select * from error_log_view')).toHaveLength(
        1,
      );
      expect(await archive.rows('select * from source')).toHaveLength(1);
      await expect(archive.rows('delete from meetings')).rejects.toThrow(
        'permission denied',
      );
    } finally {
      await archive.rows('reset role');
      await archive.rows(`drop owned by ${role}`);
      await administrate(`drop role ${role}`);
    }
  });

  it('has the views in the shapes that the dashboard reads', async () => {
    await ingest(await files.write('m.json', [meeting({ host: '' })]), {
      sourceName: 'river archive',
    });
    const record = await archive.row('select * from meeting_summary_view');
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
      Object.keys(await archive.row('select * from ingestion_run_view')).slice(
        0,
        7,
      ),
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
        await archive.row('select id, name, type, last_polled_at from source'),
      ),
    ).toHaveLength(4);
  });

  it('reads a big file without holding it', async () => {
    const peakOf = ({ protocol }: IngestResult) =>
      Number(protocol.find(line => line.name === 'peakMemoryBytes')?.value);
    const small = await ingest(
      await files.write('small.json', [meeting({ date: '2024-01-01' })]),
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
    const url = await files.write('big.json', `[${records.join(',')}]`);
    const big = await ingest(url);
    expect(big.summary).toMatchObject({ loaded: 2000 });
    expect((await stat(files.path('big.json'))).size).toBeGreaterThan(
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
      const first = await ingest(url, options);
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
        expect(counts[name]).toBe(await archive.count(table));
      }
      expect(counts.meetings).toBe(records);

      const file = await readFile(realFile(year));
      const parsed = JSON.parse(file.toString());
      const rows = await archive.rows(
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

      const second = await ingest(url, options);
      expect(second.summary).toMatchObject({
        loaded: 0,
        updated: 0,
        duplicatesAvoided: records,
      });
      expect(await archive.count('meetings')).toBe(records);
    });
  }

  it('never prints the address of the database', async () => {
    const secret = new URL(archive.url);
    secret.password = 'hunter2secret';
    secret.username = 'nobody_here';
    const { exitCode, output } = await ingest(await files.write('m.json', []), {
      databaseUrl: secret.href,
    });
    expect(exitCode).toBe(1);
    expect(output).not.toContain('hunter2secret');
    expect(output).not.toContain(secret.host);
  });
});
