import { useEffect } from 'react';
import {
  isTerminalRunState,
  type RunDetail,
} from '@millrace/backstage-plugin-pipelines-common';

/** Names the browser tab after the run, with ✓ or ✕ once it is over. */
export function useTabTitle(run: RunDetail): void {
  const isOver = isTerminalRunState(run.state);
  const endSign = run.state === 'succeeded' ? '✓ ' : '✕ ';
  const title = `${isOver ? endSign : ''}${run.title}`;
  useEffect(() => {
    const previous = document.title;
    document.title = title;
    return () => {
      document.title = previous;
    };
  }, [title]);
}
