import { downloadSource } from '../source/downloadSource.ts';
import { type DownloadedSource, type RunContext } from './RunContext.ts';

const SHARE = 0.15; // Of the run's progress

/** Brings the bytes of the source here. */
export async function download(context: RunContext): Promise<DownloadedSource> {
  const { config, reporter, run } = context;
  const file = await downloadSource({
    url: config.parameters.url,
    allowedFolders: config.allowedFolders,
    allowedHosts: config.allowedHosts,
    maxBytes: config.maxBytes,
    timeoutMs: config.downloadTimeoutMs,
    signal: context.signal,
    onProgress: (bytes, total) =>
      reporter.progress(
        SHARE * Math.min(1, total ? bytes / total : 0),
        `${bytes} bytes downloaded`,
      ),
  });
  const sha256 = file.digest();
  await run.noteDownload(file.size, sha256);
  reporter.log(`Downloaded ${file.size} bytes, sha256 ${sha256}`);
  reporter.metric('sourceBytes', file.size);
  return { file };
}
