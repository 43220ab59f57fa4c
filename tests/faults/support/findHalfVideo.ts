import fs from 'node:fs';
import path from 'node:path';

/** The video that `transcode` is making in the artifacts folder of its attempt, once it has bytes. */
export function findHalfVideo(artifacts: string): string | undefined {
  const [folder] = fs
    .readdirSync(artifacts)
    .filter(name => name.startsWith('.transcode-'));
  const video = folder && path.join(artifacts, folder, 'video.mp4');
  return video && fs.existsSync(video) && fs.statSync(video).size > 0
    ? video
    : undefined;
}
