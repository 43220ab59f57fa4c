import { Webhook } from 'standardwebhooks';

/** Shorter keys can be guessed; the specification asks for at least as many. */
const MIN_KEY_BYTES = 24;

/** What is wrong with a secret that calls are signed with; undefined when nothing is. */
export function problemOfSecret(secret: string): string | undefined {
  const text = secret.replace(/^whsec_/, '');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) {
    return "a secret is not in base64; make one with 'openssl rand -base64 32'";
  }
  if (bytes.length < MIN_KEY_BYTES) {
    return `a secret has less than ${MIN_KEY_BYTES} bytes; make one with 'openssl rand -base64 32'`;
  }
  try {
    return new Webhook(secret) && undefined;
  } catch {
    return "a secret cannot be read; make one with 'openssl rand -base64 32'";
  }
}
