import { useEffect, useMemo, useState } from 'react';
import { storageApiRef, useApi } from '@backstage/frontend-plugin-api';
import type { JsonValue } from '@backstage/types';

const BUCKET = 'millrace.pipelines';

/**
 * A choice that the portal keeps for each user; undefined while there is none, or none yet.
 *
 * @param key - names the choice among those of this plugin
 */
export function useStored(
  key: string,
): [
  value: JsonValue | undefined,
  store: (value: JsonValue | undefined) => void,
] {
  const storage = useApi(storageApiRef);
  const bucket = useMemo(() => storage.forBucket(BUCKET), [storage]);
  const [value, setValue] = useState(() => bucket.snapshot(key).value);
  useEffect(() => {
    setValue(bucket.snapshot(key).value);
    const subscription = bucket
      .observe$(key)
      .subscribe(snapshot => setValue(snapshot.value));
    return () => subscription.unsubscribe();
  }, [bucket, key]);
  const store = (next: JsonValue | undefined) => {
    // Where it cannot be kept it holds at least for as long as the page is open.
    const kept =
      next === undefined ? bucket.remove(key) : bucket.set(key, next);
    kept.catch(() => setValue(next));
  };
  return [value as JsonValue | undefined, store];
}
