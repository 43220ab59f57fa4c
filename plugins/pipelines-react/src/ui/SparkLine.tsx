import styles from './SparkLine.module.css';

const WIDTH = 100;
const HEIGHT = 28;
/** Room for half the line's width, so that it is not cut at the edges. */
const MARGIN = 2;

/** Props of {@link SparkLine}. @internal */
export interface SparkLineProps {
  values: readonly number[];
  label: string;
  className?: string;
}

/** A line without axes; nothing for fewer than two values. @internal */
export function SparkLine({ values, label, className }: SparkLineProps) {
  if (values.length < 2) {
    return null;
  }
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={className}
    >
      <polyline className={styles.line} points={sparkPoints(values)} />
    </svg>
  );
}

/** The corners of the line, from zero up to the largest value. @internal */
export function sparkPoints(values: readonly number[]): string {
  const top = Math.max(...values, 0) || 1;
  return values
    .map((value, index) => {
      const x = (index / (values.length - 1)) * (WIDTH - 2 * MARGIN) + MARGIN;
      const y = HEIGHT - MARGIN - (value / top) * (HEIGHT - 2 * MARGIN);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}
