import {
  type SlotMeeting,
  type SlotRecord,
  matchSlot,
} from '../identity/matchSlot.ts';
import { NORMALIZER_VERSION } from '../normalize/NormalizedMeeting.ts';
import { type Archive } from './Archive.ts';

/** A valid record of the file: where it is and what identifies it. */
export type StagedRecord = {
  seq: number;
  byteOffset: number;
  byteLength: number;
  workgroupId?: string;
  /** Used when neither the file nor the archive knows an id for the name. */
  derivedWorkgroupId: string;
  workgroupKey?: string;
  date: string;
  typeKey?: string;
  townHallNumber?: string;
  rawSha256: string;
  contentSha256: string;
};

/** A record that has to be written. */
export type RecordToWrite = {
  seq: number;
  byteOffset: number;
  byteLength: number;
  workgroupId: string;
  meetingId: string;
  action: 'insert' | 'update';
  rawSha256: string;
  contentSha256: string;
};

/** What becomes of the records of the file. */
export type Resolution = { toWrite: number; duplicates: number };

const MATCH_BATCH_SIZE = 500; // Slots matched at once; each is a handful of rows

const COLUMNS = `seq, byte_offset as "byteOffset", byte_length as "byteLength",
  workgroup_id as "workgroupId", meeting_id as "meetingId", action,
  raw_sha256 as "rawSha256", content_sha256 as "contentSha256"`;

/**
 * The records of the file, without their content, in a temporary table: what
 * they are is decided over the whole file, and the file may be larger than memory.
 */
export class StagedRecords {
  private readonly archive: Archive;

  /** Creates the temporary table in the connection of the run. */
  static async create(archive: Archive): Promise<StagedRecords> {
    await archive.query(
      `create temporary table staged (
        seq integer primary key,
        byte_offset double precision not null,
        byte_length integer not null,
        workgroup_id uuid,
        derived_workgroup_id uuid not null,
        workgroup_key text,
        date date not null,
        type_key text,
        town_hall_number text,
        raw_sha256 text not null,
        content_sha256 text not null,
        meeting_id uuid,
        action text
      )`,
    );
    return new StagedRecords(archive);
  }

  private constructor(archive: Archive) {
    this.archive = archive;
  }

  /** Adds records in the order of the file. */
  async add(records: StagedRecord[]): Promise<void> {
    await this.archive.queryRows(
      `insert into staged
         (seq, byte_offset, byte_length, workgroup_id, derived_workgroup_id,
          workgroup_key, date, type_key, town_hall_number, raw_sha256, content_sha256)
       select "seq", "byteOffset", "byteLength", "workgroupId", "derivedWorkgroupId",
         "workgroupKey", "date", "typeKey", "townHallNumber", "rawSha256", "contentSha256"
       from jsonb_to_recordset($1::jsonb) as r(
         "seq" integer, "byteOffset" double precision, "byteLength" integer,
         "workgroupId" uuid, "derivedWorkgroupId" uuid, "workgroupKey" text,
         "date" date, "typeKey" text, "townHallNumber" text,
         "rawSha256" text, "contentSha256" text)`,
      records,
    );
  }

  /**
   * Decides for each record which meeting it is and what to do with it, by the
   * rule in README.md. No other run may load meanwhile.
   *
   * @param isWhole - whether the file was read without damage, so that what it
   * no longer contains is really gone from it
   */
  async resolve(sourceId: string, isWhole: boolean): Promise<Resolution> {
    await this.resolveWorkgroups();
    await this.archive.query('create index on staged (workgroup_id, date)');
    await this.archive.query('analyze staged');
    await this.findRepeats();
    await this.findKnownContent();
    await this.archive.transaction(() =>
      this.findCorrections(sourceId, isWhole),
    );
    await this.archive.query(
      `update staged set action = 'insert', meeting_id = gen_random_uuid()
       where action is null`,
    );
    await this.archive.query('create index on staged (action, seq)');
    const [resolution] = await this.archive.query<Resolution>(
      `select
         count(*) filter (where action in ('insert', 'update'))::integer as "toWrite",
         count(*) filter (where action in ('unchanged', 'repeat'))::integer as duplicates
       from staged`,
    );
    return resolution;
  }

  /** The next records to write after `seq`, in the order of the file. */
  async toWriteAfter(seq: number, limit: number): Promise<RecordToWrite[]> {
    return this.archive.query<RecordToWrite>(
      `select ${COLUMNS} from staged
       where action in ('insert', 'update') and seq > $1 order by seq limit $2`,
      [seq, limit],
    );
  }

  /** Notes on unchanged meetings with `from < seq <= to` that the source still has them. */
  async touchUnchanged(runId: string, from: number, to: number): Promise<void> {
    await this.archive.query(
      `update public.meetings m set last_seen_run_id = $1, last_seen_at = now()
       from staged s
       where s.meeting_id = m.id and s.action = 'unchanged' and s.seq > $2 and s.seq <= $3`,
      [runId, from, to],
    );
  }

  private async resolveWorkgroups(): Promise<void> {
    await this.archive.query(
      `update staged s set workgroup_id = named.id
       from (
         select name_key, min(id::text)::uuid as id
         from (
           select name_key, id from public.workgroups
           union
           select workgroup_key, workgroup_id from staged where workgroup_id is not null
         ) known
         where name_key is not null
         group by name_key
         having count(*) = 1
       ) named
       where s.workgroup_id is null and s.workgroup_key = named.name_key`,
    );
    await this.archive.query(
      `update staged set workgroup_id = derived_workgroup_id where workgroup_id is null`,
    );
  }

  private async findRepeats(): Promise<void> {
    await this.archive.query(
      `update staged s set action = 'repeat'
       from (
         select seq, row_number() over (
           partition by workgroup_id, date, content_sha256 order by seq
         ) as occurrence from staged
       ) r
       where r.seq = s.seq and r.occurrence > 1`,
    );
  }

  private async findKnownContent(): Promise<void> {
    await this.archive.query(
      `update staged s set meeting_id = m.id,
         action = case
           when m.raw_sha256 = s.raw_sha256 and m.normalizer_version = $1
           then 'unchanged' else 'update'
         end
       from public.meetings m
       where s.action is null and m.workgroup_id = s.workgroup_id
         and m.date = s.date and m.content_sha256 = s.content_sha256`,
      [NORMALIZER_VERSION],
    );
  }

  private async findCorrections(
    sourceId: string,
    isWhole: boolean,
  ): Promise<void> {
    await this.archive.query(
      `declare open_slots no scroll cursor for
       select records, meetings from (
         select workgroup_id, date, jsonb_agg(jsonb_build_object(
           'seq', seq, 'typeKey', type_key, 'townHallNumber', town_hall_number
         ) order by seq) as records
         from staged where action is null group by workgroup_id, date
       ) r
       join (
         select m.workgroup_id, m.date, jsonb_agg(jsonb_build_object(
           'id', m.id, 'typeKey', m.type_key, 'townHallNumber', m.town_hall_number,
           'isFromThisSource', $2::boolean and m.source_id = $1::uuid
         ) order by m.record_index, m.id) as meetings
         from public.meetings m
         where exists (
             select from staged s where s.action is null
               and s.workgroup_id = m.workgroup_id and s.date = m.date)
           and not exists (select from staged s where s.meeting_id = m.id)
         group by m.workgroup_id, m.date
       ) m using (workgroup_id, date)`,
      [sourceId, isWhole],
    );
    for (;;) {
      const slots = await this.archive.query<{
        records: SlotRecord[];
        meetings: SlotMeeting[];
      }>(`fetch ${MATCH_BATCH_SIZE} from open_slots`);
      if (slots.length === 0) {
        break;
      }
      const matches = slots.flatMap(slot => [
        ...matchSlot(slot.records, slot.meetings),
      ]);
      await this.archive.queryRows(
        `update staged s set action = 'update', meeting_id = r.id
         from jsonb_to_recordset($1::jsonb) as r(seq integer, id uuid)
         where s.seq = r.seq`,
        matches.map(([seq, id]) => ({ seq, id })),
      );
    }
    await this.archive.query('close open_slots');
  }
}
