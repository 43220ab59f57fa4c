// With the u flag a surrogate matches only where its other half is missing
const UNSTORABLE = /[\0\p{Cs}]/gu;

/** Text as Postgres can store it: NUL and halves of surrogate pairs become U+FFFD. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '\uFFFD');
}
