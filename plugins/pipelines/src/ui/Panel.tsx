import { ReactNode, useId } from 'react';
import { Box } from '@backstage/ui';
import styles from './Panel.module.css';

/** A titled box of a page. */
export interface PanelProps {
  title: string;
  /** Stands at the right of the title, such as a link or the age of the numbers. */
  aside?: ReactNode;
  /** Lets the content reach the edges, as tables and lists do. */
  isFlush?: boolean;
  children: ReactNode;
}

/** A titled box of a page, which screen readers know by its title. */
export function Panel({ title, aside, isFlush = false, children }: PanelProps) {
  const titleId = useId();
  return (
    <Box
      as="section"
      bg="neutral"
      className={styles.panel}
      aria-labelledby={titleId}
    >
      <div className={styles.head}>
        <h3 id={titleId} className={styles.title}>
          {title}
        </h3>
        {aside && <div className={styles.aside}>{aside}</div>}
      </div>
      <div className={`${styles.body} ${isFlush ? styles.flush : ''}`}>
        {children}
      </div>
    </Box>
  );
}
