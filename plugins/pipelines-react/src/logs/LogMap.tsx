import { memo, type MouseEvent } from 'react';
import type { MarkedPart } from './LogFinder';
import styles from './LogMap.module.css';

/** Props of {@link LogMap}. @internal */
export interface LogMapProps {
  parts: readonly MarkedPart[];
  totalLines: number;
  onGoTo(line: number): void;
}

interface Tick {
  line: number;
  kind: 'error' | 'warn' | 'found';
}

const KINDS = ['warn', 'error', 'found'] as const;
/** A click this near to a tick means its line, as a share of the height. */
const NEAR = 0.015;

function LogMapContent({ parts, totalLines, onGoTo }: LogMapProps) {
  const ticks = ticksOf(parts);
  const onClick = (event: MouseEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientY - box.top) / box.height;
    const wanted = Math.floor(share * totalLines);
    const nearest = ticks.reduce<Tick | undefined>(
      (best, tick) =>
        !best || Math.abs(tick.line - wanted) < Math.abs(best.line - wanted)
          ? tick
          : best,
      undefined,
    );
    const isNear =
      nearest && Math.abs(nearest.line - wanted) <= NEAR * totalLines;
    onGoTo(isNear ? nearest.line : wanted);
  };
  return (
    // For the pointer alone: the keys for the next error and the next match lead to the same lines.
    <div className={styles.map} aria-hidden onClick={onClick}>
      {ticks.map(({ line, kind }) => (
        <span
          key={`${kind}${line}`}
          className={styles[kind]}
          style={{ top: `${(line / Math.max(1, totalLines)) * 100}%` }}
        />
      ))}
    </div>
  );
}

/** Where in the whole log errors, warnings and found lines are. @internal */
export const LogMap = memo(LogMapContent);

function ticksOf(parts: readonly MarkedPart[]): Tick[] {
  return KINDS.flatMap(kind =>
    parts.flatMap(({ marks }) =>
      marks.flatMap(mark => {
        const line = mark[kind];
        return line === undefined ? [] : [{ line, kind }];
      }),
    ),
  );
}
