import { CustomErrorBase } from '@backstage/errors';
import type { ByteRange } from '@millrace/backstage-plugin-pipelines-node';
import contentDisposition from 'content-disposition';
import type { Request, Response } from 'express';
import { sendStream } from '../http';
import { previewOf, servedTypeOf } from './mediaTypes';
import type { OpenableArtifact } from './types';

/** Lets an image or a video show itself, and nothing run. */
const CONTENT_SECURITY_POLICY =
  "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'";

const UNSATISFIABLE = -1;

/** The condition of the caller about the artifact does not hold. */
class PreconditionFailedError extends CustomErrorBase {
  name = 'PreconditionFailedError' as const;
  readonly statusCode = 412;
}

/**
 * Answers a GET or HEAD with the bytes of an artifact, or with the part that was asked for.
 *
 * @remarks
 * An artifact never changes, so its hash is its tag. Of several ranges none is served but the
 * whole.
 */
export async function sendArtifact(
  req: Request,
  res: Response,
  options: { opened: OpenableArtifact; download: boolean },
): Promise<void> {
  const { opened, download } = options;
  const { artifact } = opened;
  const etag = `"${artifact.sha256}"`;
  try {
    res.set(headersOf(artifact, { etag, download }));
    assertMatches(req, etag);
    if (req.fresh) {
      res.status(304).end();
      return;
    }
    const range = rangeOf(req, { bytes: artifact.bytes, etag });
    if (range === 'unsatisfiable') {
      res.set('Content-Range', `bytes */${artifact.bytes}`);
      res.status(416).end();
      return;
    }
    await send(req, res, opened, range);
  } finally {
    await opened.close();
  }
}

async function send(
  req: Request,
  res: Response,
  { artifact, read }: OpenableArtifact,
  range: ByteRange | undefined,
): Promise<void> {
  const { bytes } = artifact;
  res.set('Content-Length', `${range ? range.end - range.start + 1 : bytes}`);
  if (range) {
    res.status(206);
    res.set('Content-Range', `bytes ${range.start}-${range.end}/${bytes}`);
  }
  if (req.method === 'HEAD' || bytes === 0) {
    res.end();
    return;
  }
  await sendStream(read(range), res);
}

function headersOf(
  artifact: OpenableArtifact['artifact'],
  { etag, download }: { etag: string; download: boolean },
) {
  const isInline = !download && previewOf(artifact.mediaType) !== undefined;
  return {
    'Accept-Ranges': 'bytes',
    // Without compression, which would take ranges and lengths away
    'Cache-Control': 'private, no-cache, no-transform',
    'Content-Disposition': contentDisposition(artifact.name, {
      type: isInline ? 'inline' : 'attachment',
    }),
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'Content-Type': servedTypeOf(artifact.mediaType),
    'Cross-Origin-Resource-Policy': 'same-origin',
    ETag: etag,
    'X-Content-Type-Options': 'nosniff',
  };
}

function assertMatches(req: Request, etag: string): void {
  const wanted = req.get('If-Match');
  const tags = wanted?.split(',').map(tag => tag.trim());
  if (tags && !tags.includes('*') && !tags.includes(etag)) {
    throw new PreconditionFailedError(
      'The artifact is another one than the request is about; begin again without If-Match',
    );
  }
}

function rangeOf(
  req: Request,
  { bytes, etag }: { bytes: number; etag: string },
): ByteRange | 'unsatisfiable' | undefined {
  const condition = req.get('If-Range');
  if (condition !== undefined && condition !== etag) {
    return undefined;
  }
  const ranges = req.range(bytes, { combine: true });
  if (ranges === UNSATISFIABLE) {
    return 'unsatisfiable';
  }
  const isOne =
    Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1;
  return isOne ? { start: ranges[0].start, end: ranges[0].end } : undefined;
}
