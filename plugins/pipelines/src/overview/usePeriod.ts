import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useNow } from '@millrace/backstage-plugin-pipelines-react';
import type { UnknownValue } from '../runs/runsUrl';
import { isTimeRange, startOfRange, TimeRange } from '../ui/timeRange';

const DEFAULT_RANGE: TimeRange = '-7d';
const MINUTE_MS = 60_000;

/** The period that the overview is about. */
export interface Period {
  range: TimeRange;
  /** Its beginning, ISO 8601, on a whole hour. */
  from: string;
  unknown: UnknownValue[];
  choose(range: TimeRange | undefined): void;
}

/** The period of the address, by default 7 days. */
export function usePeriod(): Period {
  const [parameters, setParameters] = useSearchParams();
  const nowMs = useNow(MINUTE_MS);
  const text = parameters.get('from') ?? DEFAULT_RANGE;
  // The Run… dialog, open above this page, has a parameter of this name as well.
  const isOurs = !parameters.has('run');
  const range = isTimeRange(text) ? text : DEFAULT_RANGE;
  const unknown = useMemo(
    () => (isTimeRange(text) || !isOurs ? [] : [{ name: 'from', value: text }]),
    [text, isOurs],
  );
  return {
    range,
    from: startOfRange(range, nowMs),
    unknown,
    choose: next =>
      setParameters(previous => {
        const changed = new URLSearchParams(previous);
        if (next === undefined || next === DEFAULT_RANGE) {
          changed.delete('from');
        } else {
          changed.set('from', next);
        }
        return changed;
      }),
  };
}
