import { constants, open } from 'node:fs/promises';
import { fetch, type Response } from 'undici';
import { SourceError } from '../errors.ts';
import { SourceFile } from './SourceFile.ts';
import { WebGuard } from './WebGuard.ts';
import { resolveAllowedFile } from './resolveAllowedFile.ts';

/** What a download may take and where it may go. */
export type DownloadOptions = {
  url: string;
  allowedFolders: string[];
  /** See {@link WebGuard}. */
  allowedHosts: string[];
  maxBytes: number;
  timeoutMs: number;
  signal: AbortSignal;
  /** Called now and then with the bytes so far and, where known, of all. */
  onProgress(bytes: number, total: number | undefined): void;
};

type OpenSource = { chunks: AsyncIterable<Uint8Array>; total?: number };

const MAX_REDIRECTS = 5;
const FILE_CHUNK_BYTES = 256 * 1024;

/**
 * Copies the source into a file of our own, so that its bytes stay what they are
 * while they are read twice.
 *
 * @throws SourceError when it is not allowed, not there, too big or too slow
 */
export async function downloadSource(
  options: DownloadOptions,
): Promise<SourceFile> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  const file = await SourceFile.create();
  try {
    const source = await openSource(options, signal);
    for await (const chunk of source.chunks) {
      if (file.size + chunk.length > options.maxBytes) {
        throw tooBig(options.maxBytes);
      }
      await file.append(chunk);
      options.onProgress(file.size, source.total);
    }
    return file;
  } catch (error) {
    await file.close();
    if (options.signal.aborted || error instanceof SourceError) {
      throw error;
    }
    // What the guard says while it connects comes wrapped.
    if (error instanceof Error && error.cause instanceof SourceError) {
      throw error.cause;
    }
    throw timeout.aborted
      ? new SourceError(
          'source-timeout',
          `The source took longer than ${options.timeoutMs / 1000} s`,
        )
      : new SourceError('source-unreachable', 'The source cannot be read', {
          cause: error,
        });
  }
}

/** The address without what may be secret in it: no user, no password, no query. */
export function publicAddress(url: string): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  parsed.search = '';
  parsed.hash = '';
  return parsed.href;
}

async function openSource(
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<OpenSource> {
  const url = new URL(options.url);
  return url.protocol === 'file:'
    ? openFile(url, options, signal)
    : openWeb(url, options, signal);
}

async function openFile(
  url: URL,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<OpenSource> {
  const path = await resolveAllowedFile(url, options.allowedFolders);
  // The path is real now, so a link in its place was put there since
  const handle = await open(
    path,
    constants.O_RDONLY + (constants.O_NOFOLLOW ?? 0),
  );
  return {
    chunks: handle.createReadStream({
      highWaterMark: FILE_CHUNK_BYTES,
      signal,
    }),
    total: (await handle.stat()).size,
  };
}

async function openWeb(
  start: URL,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<OpenSource> {
  const guard = new WebGuard(options.allowedHosts);
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'manual',
      dispatcher: guard.agentFor(url),
      signal,
    });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || !location) {
      return readResponse(response, options.maxBytes);
    }
    await response.body?.cancel();
    url = nextAddress(url, location);
  }
  throw new SourceError(
    'too-many-redirects',
    `The source redirects more than ${MAX_REDIRECTS} times`,
  );
}

function nextAddress(url: URL, location: string): URL {
  const next = URL.parse(location, url);
  if (!next || !/^https?:$/.test(next.protocol)) {
    throw new SourceError(
      'bad-redirect',
      'The source redirects to something that is not an http(s) address',
    );
  }
  return next;
}

async function readResponse(
  response: Response,
  maxBytes: number,
): Promise<OpenSource> {
  const total = Number(response.headers.get('content-length')) || undefined;
  const isBad = !response.ok || !response.body;
  if (isBad || (total && total > maxBytes)) {
    await response.body?.cancel();
    throw isBad
      ? new SourceError(
          'http-status',
          `The source answered ${response.status} ${response.statusText}`.trim(),
        )
      : tooBig(maxBytes);
  }
  return { chunks: response.body as AsyncIterable<Uint8Array>, total };
}

function tooBig(maxBytes: number): SourceError {
  return new SourceError(
    'source-too-big',
    `The source is bigger than ${maxBytes} bytes (INGEST_MAX_BYTES)`,
  );
}
