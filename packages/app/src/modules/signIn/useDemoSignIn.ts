import { useCallback, useEffect, useState } from 'react';
import { DemoAuthClient, DemoSession, DemoUser } from './DemoAuthClient';
import { readDemoUserChoice, writeDemoUserChoice } from './demoUserChoice';

const RETRY_INTERVAL_MS = 1_000;

/** What the sign-in page shows. */
export type DemoSignInState =
  | { step: 'signing-in' }
  /** The portal does not answer yet, or is still reading its catalog. */
  | { step: 'waiting'; reason: string }
  | { step: 'choosing'; users: DemoUser[] }
  | { step: 'failed'; error: Error };

/**
 * Signs in whom this browser remembers, on the first visit the first user, and lets choose
 * after a sign-out.
 */
export function useDemoSignIn(options: {
  client: DemoAuthClient;
  onSignedIn: (session: DemoSession) => void;
}) {
  const { client, onSignedIn } = options;
  const [state, setState] = useState<DemoSignInState>({ step: 'signing-in' });
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let ended = false;
    let timer: number | undefined;
    const show = (next: DemoSignInState) => !ended && setState(next);

    async function start() {
      const choice = readDemoUserChoice();
      if (choice === 'ask') {
        show({ step: 'choosing', users: await client.listUsers() });
        return;
      }
      const session = await client.signIn(
        choice === 'first' ? undefined : choice.userEntityRef,
      );
      if (!ended) {
        onSignedIn(session);
      }
    }

    start().catch(error => {
      if (ended) {
        return;
      }
      if (isPassing(error)) {
        show({ step: 'waiting', reason: error.message });
        timer = window.setTimeout(
          () => setAttempt(count => count + 1),
          RETRY_INTERVAL_MS,
        );
      } else if (error.name === 'InputError') {
        // The remembered user is no demo user any more.
        writeDemoUserChoice('ask');
        setAttempt(count => count + 1);
      } else {
        show({ step: 'failed', error });
      }
    });
    return () => {
      ended = true;
      window.clearTimeout(timer);
    };
  }, [client, onSignedIn, attempt]);

  const choose = useCallback((userEntityRef: string) => {
    writeDemoUserChoice({ userEntityRef });
    setState({ step: 'signing-in' });
    setAttempt(count => count + 1);
  }, []);

  return { state, choose };
}

function isPassing(error: Error): boolean {
  return (
    // What `fetch` throws when nobody answers.
    error instanceof TypeError || error.name === 'ServiceUnavailableError'
  );
}
