/** A place in a recording. */
export type Chapter = { startSeconds: number; title: string };

const STAMP = /(?<![\d:])(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?![\d:])/g;

/** Reads a list of timestamps such as `0:54 Intros 1:02:10 Questions`. */
export function parseChapters(timestamps: string): Chapter[] {
  const stamps = [...timestamps.matchAll(STAMP)];
  return stamps.flatMap((stamp, index) => {
    const from = stamp.index + stamp[0].length;
    const title = timestamps
      .slice(from, stamps[index + 1]?.index)
      .replace(/^[\s\-–—:|.]+|[\s\-–—|]+$/g, '')
      .replace(/\s+/g, ' ');
    const [hours, minutes, seconds] = [stamp[1] ?? 0, stamp[2], stamp[3]];
    const startSeconds =
      Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    return title ? [{ startSeconds, title }] : [];
  });
}
