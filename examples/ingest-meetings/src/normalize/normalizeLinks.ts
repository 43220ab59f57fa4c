import { z } from 'zod';
import { FieldPath, type Findings } from './Findings.ts';
import { type MeetingLink } from './NormalizedMeeting.ts';
import { parseLinks } from './parseLinks.ts';
import { describe, readList, readObject, readText } from './readParts.ts';
import { meetingInfoSchema, workingDocSchema } from './schema.ts';

type MeetingInfo = Partial<z.output<typeof meetingInfoSchema>>;

const LINK_KEYS = [
  ['meetingVideoLink', 'video'],
  ['mediaLink', 'media'],
  ['otherMediaLink', 'other_media'],
  ['miroBoardLink', 'miro_board'],
  ['transcriptLink', 'transcript'],
  ['googleSlides', 'slides'],
] as const;

/** Gathers every link of a meeting, wherever it was written. */
export function normalizeLinks(
  info: MeetingInfo,
  video: { url?: string },
  path: FieldPath,
  findings: Findings,
): MeetingLink[] {
  const keyed = LINK_KEYS.flatMap(([key, kind]) =>
    readLink(info[key], kind, path.key(key), findings),
  );
  const timestamped = readLink(
    video.url,
    'timestamped_video',
    path.key('timestampedVideo').key('url'),
    findings,
  );
  const docs = path.key('workingDocs');
  const workingDocs = readList(info.workingDocs, docs, findings).flatMap(doc =>
    readWorkingDoc(doc.value, doc.path, findings),
  );
  return [...keyed, ...timestamped, ...workingDocs];
}

function readLink(
  written: string | undefined,
  kind: string,
  path: FieldPath,
  findings: Findings,
): MeetingLink[] {
  if (!written) {
    return [];
  }
  const urls = parseLinks(written);
  if (urls.length === 0) {
    findings.lost(path);
    findings.warn(
      'not-a-link',
      path,
      `${describe(written)} holds no web address`,
    );
    return [{ kind, rawText: written }];
  }
  return urls.map(url => ({ kind, url, rawText: written }));
}

function readWorkingDoc(
  value: unknown,
  path: FieldPath,
  findings: Findings,
): MeetingLink[] {
  const kind = 'working_doc';
  if (typeof value === 'string') {
    findings.present(path);
    return readLink(readText(value, path, findings), kind, path, findings);
  }
  const { title, link } = readObject(workingDocSchema, value, path, findings);
  if (link) {
    const links = readLink(link, kind, path.key('link'), findings);
    return links.map(found => ({ ...found, title }));
  }
  const urls = title ? parseLinks(title) : [];
  findings.warn(
    urls.length > 0 ? 'link-in-title' : 'link-missing',
    path.key('link'),
    urls.length > 0
      ? 'The link stands in the title'
      : 'A working document has no link',
  );
  if (urls.length === 0) {
    return title ? [{ kind, title }] : [];
  }
  return urls.map(url => ({ kind, title, url, rawText: title }));
}
