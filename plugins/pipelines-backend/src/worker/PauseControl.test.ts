import { mockServices } from '@backstage/backend-test-utils';
import { waitFor } from '../__testUtils__/waitFor';
import { PauseControl } from './PauseControl';

describe('PauseControl', () => {
  let said: string[];
  let isEnding: boolean;
  let setPaused: (paused: boolean) => Promise<void>;
  let stored: () => Promise<void>;

  beforeEach(() => {
    said = [];
    isEnding = false;
    setPaused = async () => {};
    stored = async () => {};
  });

  function create(canPause = true): PauseControl {
    const say = async (word: string) => {
      said.push(word);
      await stored();
    };
    return new PauseControl({
      runId: 'run-1',
      execution: canPause
        ? {
            setPaused: paused => {
              said.push(paused ? 'freeze' : 'thaw');
              return setPaused(paused);
            },
          }
        : {},
      isEnding: () => isEnding,
      onChange: isPaused => said.push(isPaused ? 'stands' : 'goes'),
      markPaused: () => say('paused'),
      pauseFailed: message => say(`failed: ${message}`),
      logger: mockServices.logger.mock(),
    });
  }
  async function expectToHear(...words: string[]): Promise<void> {
    await waitFor(words.join(), () => said.length >= words.length);
    expect(said.splice(0)).toEqual(words);
  }

  it('says that it stands still once that is confirmed, and lets it go on', async () => {
    const control = create();
    let confirm!: () => void;
    setPaused = () =>
      new Promise(resolve => {
        confirm = resolve;
      });
    control.apply(true);
    await expectToHear('freeze');
    confirm();
    await expectToHear('stands', 'paused');
    control.apply(false);
    await expectToHear('thaw');
    confirm();
    await expectToHear('goes');
  });

  it('does nothing about renewals that say what is so', async () => {
    const control = create();
    control.apply(false);
    control.apply(false);
    control.apply(true);
    await expectToHear('freeze', 'stands', 'paused');
  });

  it('says it again with each renewal, because it may have been resumed and paused between two', async () => {
    const control = create();
    control.apply(true);
    await expectToHear('freeze', 'stands', 'paused');
    control.apply(true);
    await expectToHear('paused');
  });

  it('ends with what the newest renewal says, however fast they change', async () => {
    const control = create();
    let confirm!: () => void;
    setPaused = () =>
      new Promise(resolve => {
        confirm = resolve;
      });
    control.apply(true);
    await expectToHear('freeze');
    [false, true, true, false].forEach(wanted => control.apply(wanted));
    confirm();
    // It is to go on by now, so nobody is told that it stood still.
    await expectToHear('stands', 'thaw');
    control.apply(true);
    confirm();
    await expectToHear('goes', 'freeze');
    confirm();
    await expectToHear('stands', 'paused');
  });

  it('lets it go on and says why when it cannot be confirmed, and tries again when asked anew', async () => {
    const control = create();
    setPaused = async paused => {
      if (paused) {
        throw new Error('1 of its 2 processes did not stop within 5 s');
      }
    };
    control.apply(true);
    await expectToHear(
      'freeze',
      'thaw',
      'failed: 1 of its 2 processes did not stop within 5 s',
    );
    control.apply(false);
    setPaused = async () => {};
    control.apply(true);
    await expectToHear('freeze', 'stands', 'paused');
  });

  it('says that an engine cannot do it', async () => {
    create(false).apply(true);
    await expectToHear('failed: Its engine cannot let it stand still');
  });

  it('leaves an execution alone that is being ended, and says nothing of it', async () => {
    const control = create();
    setPaused = async () => {
      isEnding = true;
      throw new Error('The command is being ended');
    };
    control.apply(true);
    await expectToHear('freeze');
    control.apply(false);
    control.apply(true);
    await new Promise(resolve => setImmediate(resolve));
    expect(said).toEqual([]);
  });

  it('goes on after a database that was out of order', async () => {
    const control = create();
    stored = async () => {
      throw new Error('Connection terminated');
    };
    control.apply(true);
    await expectToHear('freeze', 'stands', 'paused');
    stored = async () => {};
    control.apply(true);
    await expectToHear('paused');
    control.apply(false);
    await expectToHear('thaw', 'goes');
  });
});
