// @ts-check

const HEARTBEAT_MS = 10_000;
const LABEL_WIDTH = 12;

/**
 * Formats a duration for people: `0.4 s`, `12 s`, `2 min 05 s`.
 *
 * @param {number} milliseconds
 */
export function formatDuration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  if (Math.round(seconds) < 60) {
    return `${Math.round(seconds)} s`;
  }
  const rounded = Math.round(seconds);
  const rest = String(rounded % 60).padStart(2, '0');
  return `${Math.floor(rounded / 60)} min ${rest} s`;
}

/**
 * Runs one named piece of work and says how it goes: a line when it starts to
 * take long (every 10 s, so that a log without a terminal shows life) and a line
 * with its time when it is done.
 *
 * @template T
 * @param {string} label - one or two words
 * @param {(say: (detail: string) => void) => Promise<T>} work - calls `say` with
 *   what it is doing now; the last thing said is printed on the closing line
 * @param {{ print?: (line: string) => void, heartbeatMs?: number }} [options]
 * @returns {Promise<T>}
 */
export async function step(label, work, options = {}) {
  const print = options.print ?? (line => console.log(line));
  const startedAt = performance.now();
  const elapsed = () => formatDuration(performance.now() - startedAt);
  let detail = '';
  /** @param {string} mark */
  const show = mark =>
    print(
      `  ${mark} ${label.padEnd(LABEL_WIDTH)} ${elapsed().padStart(
        12,
      )}  ${detail}`.trimEnd(),
    );

  const heartbeat = setInterval(
    () => show('…'),
    options.heartbeatMs ?? HEARTBEAT_MS,
  );
  try {
    const result = await work(text => {
      detail = text;
    });
    show('✔');
    return result;
  } catch (error) {
    show('✘');
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}
