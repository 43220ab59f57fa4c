import { useEffect, useState } from 'react';

/** How long "Copied" stays, ms. */
const SHOWN_MS = 2_000;

/** Copies a text and says for a moment whether that worked. @internal */
export function useCopy(text: string) {
  const [result, setResult] = useState<'copied' | 'failed'>();
  useEffect(() => {
    if (!result) {
      return undefined;
    }
    const timer = setTimeout(() => setResult(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setResult('copied');
    } catch {
      setResult('failed');
    }
  };
  return {
    copied: result === 'copied',
    failed: result === 'failed',
    copy,
  };
}
