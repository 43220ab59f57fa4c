import { setTimeout as sleep } from 'node:timers/promises';
import { isRefusedData } from '../database/Archive.ts';
import { type RecordToWrite } from '../database/StagedRecords.ts';
import { type MeetingToWrite } from '../database/toRows.ts';
import { writeMeetings } from '../database/writeMeetings.ts';
import { Findings } from '../normalize/Findings.ts';
import { normalizeMeeting } from '../normalize/normalizeMeeting.ts';
import {
  type RunContext,
  type ValidatedSource,
  throwIfInterrupted,
} from './RunContext.ts';
import { parseRecord } from './parseRecord.ts';

const MAX_BATCH_RECORDS = 50;
const MAX_BATCH_BYTES = 256 * 1024; // Written several times over: raw, fields, children
const TOUCH_BATCH_SIZE = 5000;
const LOCK_POLL_MS = 250;
const START = 0.5; // Of the run's progress
const SHARE = 0.45;

/** Writes what is new or corrected, in transactions of bounded size. */
export async function load(
  context: RunContext,
  source: ValidatedSource,
): Promise<void> {
  await waitForTurn(context);
  const { counts, reporter, run } = context;
  const resolution = await source.staged.resolve(run.sourceId, source.isWhole);
  throwIfInterrupted(context.signal);
  reporter.log(
    `${resolution.toWrite} records to write, ${resolution.duplicates} already there`,
  );
  await touchUnchanged(context, source);
  counts.duplicatesAvoided = resolution.duplicates;
  counts.processed += resolution.duplicates;
  let written = 0;
  for await (const batch of batches(source)) {
    throwIfInterrupted(context.signal);
    await writeBatch(context, await readBatch(source, batch));
    written += batch.length;
    await run.noteCounts(counts);
    reporter.progress(
      START + SHARE * (written / resolution.toWrite),
      `${written} of ${resolution.toWrite} records written`,
    );
  }
  await context.errors.flush();
  await run.noteCounts(counts);
  reporter.log(
    `Loaded ${counts.loaded}, updated ${counts.updated}, duplicates avoided ${counts.duplicatesAvoided}`,
  );
}

/** One run loads at a time: what a record is depends on what is there. */
async function waitForTurn(context: RunContext): Promise<void> {
  let isFirst = true;
  while (!(await context.archive.tryLoadLock())) {
    if (isFirst) {
      context.reporter.log('Another run is loading into this archive; waiting');
      isFirst = false;
    }
    throwIfInterrupted(context.signal);
    await sleep(LOCK_POLL_MS);
  }
}

async function touchUnchanged(
  context: RunContext,
  source: ValidatedSource,
): Promise<void> {
  for (let from = -1; from < context.counts.read; from += TOUCH_BATCH_SIZE) {
    throwIfInterrupted(context.signal);
    const to = from + TOUCH_BATCH_SIZE;
    await source.staged.touchUnchanged(context.run.id, from, to);
  }
}

async function* batches(
  source: ValidatedSource,
): AsyncGenerator<RecordToWrite[]> {
  let last = -1;
  for (;;) {
    const records = await source.staged.toWriteAfter(last, MAX_BATCH_RECORDS);
    let bytes = 0;
    const batch = records.filter((record, index) => {
      bytes += record.byteLength;
      return index === 0 || bytes <= MAX_BATCH_BYTES;
    });
    if (batch.length === 0) {
      return;
    }
    yield batch;
    last = batch[batch.length - 1].seq;
  }
}

async function readBatch(
  source: ValidatedSource,
  batch: RecordToWrite[],
): Promise<MeetingToWrite[]> {
  const meetings: MeetingToWrite[] = [];
  for (const target of batch) {
    const raw = await source.file.read(target.byteOffset, target.byteLength);
    const findings = new Findings();
    const meeting = normalizeMeeting(parseRecord(raw, findings), findings);
    meetings.push({ target, meeting, findings, raw });
  }
  return meetings;
}

async function writeBatch(
  context: RunContext,
  batch: MeetingToWrite[],
): Promise<void> {
  try {
    await write(context, batch);
  } catch (error) {
    if (!isRefusedData(error)) {
      throw error;
    }
    if (batch.length > 1) {
      // One by one, so that only the record that Postgres refuses stays behind
      for (const meeting of batch) {
        await writeBatch(context, [meeting]);
      }
      return;
    }
    await refuse(context, batch[0], error);
  }
}

async function write(
  context: RunContext,
  batch: MeetingToWrite[],
): Promise<void> {
  const { counts, run } = context;
  await writeMeetings(context.archive, batch, {
    runId: run.id,
    sourceId: run.sourceId,
    sourceUrl: run.sourceUrl,
  });
  const updated = batch.filter(({ target }) => target.action === 'update');
  counts.updated += updated.length;
  counts.loaded += batch.length - updated.length;
  counts.processed += batch.length;
}

async function refuse(
  context: RunContext,
  { target, raw }: MeetingToWrite,
  error: { message: string; code?: string },
): Promise<void> {
  context.counts.refused += 1;
  context.counts.processed += 1;
  await context.errors.add({
    type: 'refused-by-database',
    message: error.message,
    recordIndex: target.seq,
    byteOffset: target.byteOffset,
    byteLength: target.byteLength,
    raw,
    details: { sqlState: error.code },
  });
}
