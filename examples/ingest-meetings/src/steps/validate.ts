import { type IngestionError, MAX_KEPT_PAYLOAD_BYTES } from '../ErrorLog.ts';
import { type StagedRecord, StagedRecords } from '../database/StagedRecords.ts';
import { SourceError } from '../errors.ts';
import { ContentHasher, sha256 } from '../identity/ContentHasher.ts';
import { foldKind } from '../identity/foldKind.ts';
import { Findings } from '../normalize/Findings.ts';
import {
  RefusedRecordError,
  normalizeMeeting,
} from '../normalize/normalizeMeeting.ts';
import { wordKey } from '../normalize/readParts.ts';
import { recordSchema } from '../normalize/schema.ts';
import {
  NotAnArrayError,
  type ScannedItem,
  scanRecords,
} from '../scan/scanRecords.ts';
import {
  type DownloadedSource,
  type RunContext,
  type ValidatedSource,
  throwIfInterrupted,
} from './RunContext.ts';
import { parseRecord } from './parseRecord.ts';

const STAGE_BATCH_SIZE = 500;
const START = 0.15; // Of the run's progress
const SHARE = 0.35;
const RECORD_KEYS = Object.keys(recordSchema.shape);

type ScannedRecord = Extract<ScannedItem, { kind: 'record' }>;

/** Reads every record once: stages those that can be loaded, records the others as errors. */
export async function validate(
  context: RunContext,
  source: DownloadedSource,
): Promise<ValidatedSource> {
  const { counts, errors } = context;
  const staged = await StagedRecords.create(context.archive);
  const contents = new ContentHasher();
  let batch: StagedRecord[] = [];
  let isWhole = true;
  for await (const item of scanSource(context, source)) {
    throwIfInterrupted(context.signal);
    const index = counts.read;
    counts.read += item.kind === 'damage' ? 0 : 1;
    const record =
      item.kind === 'record' &&
      (await readRecord(context, contents, item, index));
    if (record) {
      batch.push(record);
    } else if (item.kind !== 'record') {
      isWhole = false;
      await errors.add(await describeDamage(source, item, index));
      refuse(context, item.kind === 'damage' ? 0 : 1);
    }
    if (batch.length >= STAGE_BATCH_SIZE) {
      await staged.add(batch);
      batch = [];
      await context.run.noteCounts(counts);
    }
    reportProgress(context, source, item);
  }
  await staged.add(batch);
  await errors.flush();
  await context.run.noteCounts(counts);
  context.reporter.log(
    `Read ${counts.read} records: ${counts.refused} refused, ${counts.warnings} warnings`,
  );
  return { ...source, staged, isWhole };
}

async function* scanSource(
  context: RunContext,
  source: DownloadedSource,
): AsyncGenerator<ScannedItem> {
  try {
    yield* scanRecords(source.file, {
      recordKeys: RECORD_KEYS,
      maxRecordBytes: context.config.maxRecordBytes,
    });
  } catch (error) {
    throw error instanceof NotAnArrayError
      ? new SourceError('not-an-array', error.message)
      : error;
  }
}

async function readRecord(
  context: RunContext,
  contents: ContentHasher,
  item: ScannedRecord,
  index: number,
): Promise<StagedRecord | undefined> {
  const findings = new Findings();
  try {
    const meeting = normalizeMeeting(
      parseRecord(item.bytes, findings),
      findings,
    );
    context.tally.add(findings, meeting.missingFields);
    context.counts.warnings += findings.warningsCount;
    const kind = foldKind(meeting);
    const workgroupKey = meeting.workgroup && wordKey(meeting.workgroup);
    return {
      seq: index,
      byteOffset: item.offset,
      byteLength: item.bytes.length,
      workgroupId: meeting.workgroupId,
      derivedWorkgroupId: deriveId(workgroupKey ?? ''),
      workgroupKey,
      date: meeting.date,
      typeKey: kind.type_key,
      townHallNumber: kind.town_hall_number,
      rawSha256: sha256(item.bytes),
      contentSha256: contents.hash(item.bytes),
    };
  } catch (error) {
    if (!(error instanceof RefusedRecordError)) {
      throw error;
    }
    refuse(context, 1);
    await context.errors.add({
      type: error.code,
      message: error.message,
      recordIndex: index,
      byteOffset: item.offset,
      byteLength: item.bytes.length,
      raw: item.bytes,
      details: { warnings: findings.warnings },
    });
    return undefined;
  }
}

async function describeDamage(
  source: DownloadedSource,
  item: Exclude<ScannedItem, ScannedRecord>,
  index: number,
): Promise<IngestionError> {
  const isRecord = item.kind === 'damagedRecord';
  return {
    type: isRecord ? 'damaged-record' : 'damaged-file',
    message: `Not valid JSON: ${item.message}`,
    recordIndex: isRecord ? index : undefined,
    byteOffset: item.offset,
    byteLength: item.length,
    raw: await source.file.read(
      item.offset,
      Math.min(item.length, MAX_KEPT_PAYLOAD_BYTES),
    ),
  };
}

function refuse(context: RunContext, records: number): void {
  context.counts.refused += records;
  context.counts.processed += records;
}

function reportProgress(
  context: RunContext,
  source: DownloadedSource,
  item: ScannedItem,
): void {
  context.reporter.progress(
    START + SHARE * (item.offset / Math.max(1, source.file.size)),
    `${context.counts.read} records read`,
  );
}

/** A UUID (version 8) that is the same wherever and whenever the name is read. */
function deriveId(name: string): string {
  const hex = sha256(Buffer.from(`workgroup:${name}`));
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
