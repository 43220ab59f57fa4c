import { access, chmod, constants } from 'node:fs/promises';
import ffmpeg from '@ffmpeg-installer/ffmpeg';
import { errorSentence } from './errors.ts';

/** The version of the ffmpeg that comes with the npm package. */
export const FFMPEG_VERSION = ffmpeg.version;

/**
 * The path of an ffmpeg that can be executed.
 *
 * @remarks
 * The package sets the mode in an install script, which many installations do not run; so it is
 * repaired here when it is missing.
 */
export async function ffmpegBinary(
  file: string = ffmpeg.path,
): Promise<string> {
  try {
    await access(file, constants.X_OK);
  } catch {
    await chmod(file, 0o755).catch(error => {
      throw new Error(
        `ffmpeg cannot be executed, make it so with: chmod +x '${file}' (${errorSentence(
          error,
        )})`,
      );
    });
  }
  return file;
}
