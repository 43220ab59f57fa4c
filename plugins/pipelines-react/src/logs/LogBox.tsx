import { READING_TAB_STOP } from '../ui/tabStops';
import { LogRow } from './LogRow';
import type { LogRowSource } from './LogRowSource';
import type { LogRows } from './useLogRows';
import { useText } from '../translation/useText';
import styles from './LogViewer.module.css';

/** Lines that are chosen, counted from 1, both ends included. @public */
export interface ChosenLines {
  first: number;
  last: number;
}

/** Props of {@link LogBox}. @internal */
export interface LogBoxProps {
  id: string;
  rows: LogRows;
  source: LogRowSource;
  totalLines: number;
  timestamps: boolean;
  chosen: ChosenLines | undefined;
  onChoose?(lines: ChosenLines | undefined): void;
  /** The line that the reader has come to by a search. */
  current: number | undefined;
  /** Texts to be marked. */
  marked: readonly string[];
  hrefOfLine?(line: number): string;
}

/** The lines of a log as far as they are on the screen. @internal */
export function LogBox(props: LogBoxProps) {
  const t = useText();
  const { rows, source, totalLines, chosen, onChoose, hrefOfLine } = props;
  const { virtualizer, firstRow } = rows;
  const digits = Math.max(3, String(totalLines).length);
  return (
    <div
      ref={rows.boxRef}
      id={props.id}
      className={styles.box}
      role="group"
      aria-label={t('logs.viewer.box')}
      tabIndex={READING_TAB_STOP}
    >
      <div style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(item => {
          const number = source.lineOfRow(firstRow + item.index);
          return (
            <div
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className={styles.place}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <LogRow
                number={number}
                line={source.lineAt(number)}
                digits={digits}
                timestamps={props.timestamps}
                selected={isChosen(chosen, number + 1)}
                current={props.current === number}
                marked={props.marked}
                href={hrefOfLine?.(number + 1)}
                onSelect={(line, extend) =>
                  onChoose?.(chooseLine(chosen, line + 1, extend))
                }
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function isChosen(chosen: ChosenLines | undefined, line: number): boolean {
  return chosen !== undefined && line >= chosen.first && line <= chosen.last;
}

/** What is chosen after a click on the number of a line; on the only chosen one it is nothing. @internal */
export function chooseLine(
  chosen: ChosenLines | undefined,
  line: number,
  extend: boolean,
): ChosenLines | undefined {
  if (extend && chosen) {
    const { first } = chosen;
    return { first: Math.min(first, line), last: Math.max(first, line) };
  }
  const isOnly = chosen?.first === line && chosen.last === line;
  return isOnly ? undefined : { first: line, last: line };
}
