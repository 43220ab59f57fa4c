const STORAGE_KEY = 'millrace.demo.user';
const NOBODY = 'nobody';

/** Who signs in at the next visit: a user's ref, `first`, or `ask` after a sign-out. */
export type DemoUserChoice = 'first' | 'ask' | { userEntityRef: string };

/** What this browser remembers; `first` on the first visit. */
export function readDemoUserChoice(): DemoUserChoice {
  const stored = window.localStorage.getItem(STORAGE_KEY);
  if (stored === null) {
    return 'first';
  }
  return stored === NOBODY ? 'ask' : { userEntityRef: stored };
}

/** Remembers a choice until the next one. */
export function writeDemoUserChoice(choice: DemoUserChoice): void {
  if (choice === 'first') {
    window.localStorage.removeItem(STORAGE_KEY);
  } else {
    window.localStorage.setItem(
      STORAGE_KEY,
      choice === 'ask' ? NOBODY : choice.userEntityRef,
    );
  }
}
