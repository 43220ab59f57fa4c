import { VisuallyHidden } from '@backstage/ui';
import type { ReactNode } from 'react';
import styles from './Named.module.css';

/** Props of {@link Named}. @public */
export interface NamedProps {
  /** What it is called. */
  name: string;
  /** What is seen of it. */
  children: ReactNode;
}

/**
 * The content of a button or link that says more to those who hear it than to those who see it.
 *
 * @remarks
 * Better than an `aria-label`, which has to repeat what is seen word for word, or people who speak
 * to their browser cannot press it.
 *
 * @public
 */
export function Named({ name, children }: NamedProps) {
  return (
    <>
      <VisuallyHidden>{name}</VisuallyHidden>
      <span aria-hidden className={styles.seen}>
        {children}
      </span>
    </>
  );
}
