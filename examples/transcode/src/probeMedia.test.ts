import { parseMedia } from './probeMedia.ts';

describe('parseMedia', () => {
  it('does not take a cover picture for a video', () => {
    expect(
      parseMedia([
        '[info]   Duration: 00:03:00.00, start: 0.0, bitrate: 192 kb/s',
        '[info]     Stream #0:0(und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, stereo, fltp, 128 kb/s (default)',
        '[info]     Stream #0:1: Video: mjpeg, yuvj420p(pc), 600x600 [SAR 1:1 DAR 1:1], 90k tbr, 90k tbn, 90k tbc (attached pic)',
      ]),
    ).toBeUndefined();
  });

  it('is not misled by metadata that looks like facts', () => {
    expect(
      parseMedia([
        '[info]     title           :   Duration: 99:00:00.00, Stream #0:0: Video: fake, 1x1',
        '[info]   Duration: N/A, start: 0.0, bitrate: N/A',
        '[info]     Stream #0:0[0x100]: Video: h264 (High) ([27][0][0][0] / 0x001B), yuv420p, 1280x720 [SAR 1:1 DAR 16:9], 29.97 fps, 29.97 tbr',
      ]),
    ).toEqual({
      codec: 'h264',
      width: 1280,
      height: 720,
      framesPerSecond: 29.97,
    });
  });
});
