import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import {
  loadCredentials,
  writeCronToken,
  writeWebhookSecret,
} from './credentials.ts';
import {
  makeInbox,
  mediaFolder,
  openDataDirectory,
  resetDataDirectory,
} from './dataDirectory.ts';
import { makeTemporaryFolder } from './temporaryFolder.ts';

const folder = makeTemporaryFolder('house');
after(() => folder.remove());

describe('a data directory', () => {
  const ours = path.join(folder.path, 'ours');

  it('is made, and emptied by a reset that says what it deletes', () => {
    openDataDirectory(ours);
    fs.writeFileSync(path.join(ours, 'credentials.json'), '{}');
    fs.mkdirSync(path.join(ours, 'artifacts'));
    assert.deepEqual(resetDataDirectory(ours).sort(), [
      'artifacts',
      'credentials.json',
    ]);
    assert.deepEqual(resetDataDirectory(ours), []);
  });

  it('is never emptied when it was somebody else who filled it', () => {
    const theirs = path.join(folder.path, 'theirs');
    fs.mkdirSync(theirs);
    fs.writeFileSync(path.join(theirs, 'thesis.txt'), 'years of work');
    openDataDirectory(theirs);
    assert.throws(() => resetDataDirectory(theirs), /does not delete/);
    assert.ok(fs.existsSync(path.join(theirs, 'thesis.txt')));
  });

  it('keeps its passwords, for its owner only', () => {
    const first = loadCredentials(ours);
    assert.deepEqual(loadCredentials(ours), first);
    const { mode } = fs.statSync(path.join(ours, 'credentials.json'));
    assert.equal(mode & 0o077, 0);
  });

  it('has the token of cron in a file of its own, for its owner only', () => {
    const credentials = loadCredentials(ours);
    const file = writeCronToken(ours, credentials);
    assert.equal(fs.readFileSync(file, 'utf8').trim(), credentials.cronToken);
    assert.equal(fs.statSync(file).mode & 0o077, 0);
  });

  it('has the secret of webhooks in a file of its own, for its owner only', () => {
    const credentials = loadCredentials(ours);
    const file = writeWebhookSecret(ours, credentials);
    const written = fs.readFileSync(file, 'utf8').trim();
    assert.equal(written, credentials.webhookSecret);
    assert.equal(
      Buffer.from(written.replace(/^whsec_/, ''), 'base64').length,
      32,
    );
    assert.equal(fs.statSync(file).mode & 0o077, 0);
  });

  it('has an inbox for videos, which keeps what is in it', () => {
    makeInbox(ours);
    const clip = path.join(mediaFolder(ours), 'inbox', 'live', 'clip.mp4');
    fs.writeFileSync(clip, '');
    makeInbox(ours);
    assert.ok(fs.existsSync(clip));
  });

  it('gets what a later version needs, and keeps what it had', () => {
    const file = path.join(ours, 'credentials.json');
    const { secretsKey, webhookSecret, ...earlier } = loadCredentials(ours);
    fs.writeFileSync(file, JSON.stringify(earlier));
    const later = loadCredentials(ours);
    assert.equal(later.postgres, earlier.postgres);
    assert.ok(later.secretsKey.length >= 24);
    assert.notEqual(later.secretsKey, secretsKey);
    assert.notEqual(later.webhookSecret, webhookSecret);
    assert.deepEqual(loadCredentials(ours), later);
  });

  it('is refused with a way out when its passwords are damaged', () => {
    fs.writeFileSync(path.join(ours, 'credentials.json'), '{"postgres":');
    assert.throws(() => loadCredentials(ours), /cannot be read/);
    fs.writeFileSync(path.join(ours, 'credentials.json'), '{"secretsKey":""}');
    assert.throws(() => loadCredentials(ours), /'postgres' is missing/);
  });
});
