import { ENGINE_CHECKS } from './engineChecks';
import { EngineTrial, type EngineContractSubject } from './EngineTrial';

const TIMEOUT_MS = 60_000;

/** The part of Jest that is used here. */
interface TestRunner {
  describe(title: string, define: () => void): void;
  it(title: string, test: () => Promise<void>, timeoutMs: number): void;
}

/**
 * Declares the tests (Jest) that every engine has to pass: {@link ENGINE_CHECKS}, each with a
 * fresh subject.
 *
 * @remarks
 * What an engine declares in its capabilities is tested, so one that declares what it cannot do
 * fails.
 *
 * @param name - of the engine, for the titles
 * @param open - makes a fresh subject for each test
 * @public
 */
export function describeEngineContract(
  name: string,
  open: () => Promise<EngineContractSubject>,
): void {
  // Taken when they are called for: this package is also loaded where there is no test runner.
  const { describe, it } = globalThis as unknown as TestRunner;
  describe(`engine contract of ${name}`, () => {
    for (const { title, check } of ENGINE_CHECKS) {
      it(
        title,
        async () => {
          const subject = await open();
          try {
            await check(new EngineTrial(subject));
          } finally {
            await subject.close();
          }
        },
        TIMEOUT_MS,
      );
    }
  });
}
