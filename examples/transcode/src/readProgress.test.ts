import { readProgress } from './readProgress.ts';
import type { EncodeProgress } from './readProgress.ts';

function read(lines: string[]): EncodeProgress[] {
  const reports: EncodeProgress[] = [];
  lines.forEach(readProgress(report => reports.push(report)));
  return reports;
}

describe('readProgress', () => {
  it('reports one block of ffmpeg progress at a time, in bits per second', () => {
    const block = (time: string, end: string) => [
      'fps=41.50',
      'bitrate=3142.4kbits/s',
      `out_time=${time}`,
      'speed=1.38x',
      `progress=${end}`,
    ];
    expect(
      read([
        ...block('00:00:02.500000', 'continue'),
        ...block('01:01:01.000000', 'end'),
        'fps=1',
      ]),
    ).toEqual(
      [2.5, 3661].map(encodedSeconds => ({
        encodedSeconds,
        framesPerSecond: 41.5,
        bitrate: 3142400,
        speed: 1.38,
      })),
    );
  });

  it('leaves out what ffmpeg does not know yet', () => {
    expect(
      read(['bitrate=N/A', 'out_time=N/A', 'speed=   0x', 'progress=continue']),
    ).toEqual([{ speed: 0 }]);
  });
});
