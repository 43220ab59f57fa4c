import type { Lease } from '../runs';
import { waitFor } from '../__testUtils__';
import { AttemptBatches } from './AttemptBatches';
import { QueueHarness } from './__testUtils__/QueueHarness';

// Each test talks to a real database, which a busy machine may let wait.
jest.setTimeout(30_000);

describe('starts of many attempts', () => {
  let harness: QueueHarness;
  let starts: AttemptBatches<string>;

  beforeAll(async () => {
    harness = await QueueHarness.create({ pipelines: [{ id: 'free' }] });
  });
  afterAll(() => harness.drop());
  beforeEach(async () => {
    await harness.clear();
    starts = new AttemptBatches({
      knex: harness.knex,
      name: 'millrace_start_attempts',
    });
  });

  const claimed = async (count: number): Promise<Lease[]> => {
    for (let i = 0; i < count; i++) {
      await harness.insert('free');
    }
    return (await harness.claim(count)).map(({ lease }) => lease);
  };
  const begin = ({ runId, attempt, token }: Lease) =>
    starts.call({ runId, attempt, token, handle: {}, canFreeze: false });
  /** In how many transactions attempts were started. */
  const transactions = async (): Promise<number> => {
    const { rows } = await harness.knex.raw(
      `select count(distinct xmin::text) as count from run_events where name = 'started'`,
    );
    return Number(rows[0].count);
  };

  it('go together when they are asked for together, or while others are under way', async () => {
    const leases = await claimed(10);
    const first = begin(leases[0]);
    await new Promise(setImmediate);
    const others = leases.slice(1).map(begin);
    expect(await Promise.all([first, ...others])).toEqual(
      leases.map(() => 'running'),
    );
    expect(await transactions()).toBe(2);
  });

  it('do not wait for a run that somebody else has locked', async () => {
    const leases = await claimed(6);
    const locked = leases[5];
    const other = await harness.knex.transaction();
    await other('runs').where({ id: locked.runId }).forUpdate().first();
    let isBegun = false;
    const late = begin(locked).then(() => {
      isBegun = true;
    });
    expect(await Promise.all(leases.slice(0, 5).map(begin))).toEqual(
      Array.from({ length: 5 }, () => 'running'),
    );
    expect(isBegun).toBe(false);
    await other.commit();
    await late;
    expect(await harness.row(locked.runId)).toMatchObject({ state: 'running' });
  });

  it('answer nothing for a lease that is over, and are refused for nobody else', async () => {
    const leases = await claimed(6);
    const over = { ...leases[3], token: leases[0].token };
    const asked = leases.map(lease => (lease === leases[3] ? over : lease));
    const answers = await Promise.all(asked.map(begin));
    expect(answers.filter(answer => answer === 'running')).toHaveLength(5);
    expect(answers[3]).toBeUndefined();
    expect(await harness.row(leases[3].runId)).toMatchObject({
      state: 'starting',
    });
  });

  it('fail alone where one of them cannot be stored', async () => {
    const leases = await claimed(6);
    const answers = await Promise.allSettled(
      leases.map((lease, index) =>
        index === 4
          ? starts.call({
              runId: lease.runId,
              attempt: 'no number',
              token: lease.token,
              handle: {},
              canFreeze: false,
            })
          : begin(lease),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });

  it('let others wait for those that are under way, but only for a moment', async () => {
    const [first, locked] = await claimed(2);
    let isBegun = false;
    begin(first).then(() => {
      isBegun = true;
    });
    await starts.settled();
    expect(isBegun).toBe(true);

    // Keeps every batch from beginning until it is told to go on.
    const other = await harness.knex.transaction();
    await other.raw('lock table run_attempts in access exclusive mode');
    isBegun = false;
    const late = begin(locked).then(() => {
      isBegun = true;
    });
    await starts.settled();
    expect(isBegun).toBe(false);
    await other.commit();
    await late;
  });

  it('serve two requests for one run one after the other', async () => {
    const [first, second, third] = await claimed(3);
    const answers = await Promise.all([first, second, third, third].map(begin));
    expect(answers).toEqual(['running', 'running', 'running', 'running']);
    await waitFor('one event of the start', async () => {
      const rows = await harness.knex('run_events').where({
        run_id: third.runId,
        name: 'started',
      });
      return rows.length === 1;
    });
  });
});
