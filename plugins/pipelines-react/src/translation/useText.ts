import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { pipelinesReactTranslationRef } from './pipelinesReactTranslationRef';

/** The translation function of this package. @internal */
export function useText() {
  return useTranslationRef(pipelinesReactTranslationRef).t;
}

/** The type of {@link useText}'s answer, for functions that are handed it. @internal */
export type TextFunction = ReturnType<typeof useText>;
