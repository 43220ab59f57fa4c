import { Skeleton } from '@backstage/ui';
import styles from './PanelSkeleton.module.css';

/** What is drawn in place of content that is not there yet. @public */
export type SkeletonShape = 'block' | 'rows' | 'tiles';

const DEFAULT_COUNTS = { block: 1, rows: 10, tiles: 4 } as const;

/** Props of {@link PanelSkeleton}. @internal */
export interface PanelSkeletonProps {
  shape: SkeletonShape;
  count?: number;
  /** Of one block, px. */
  height?: number;
}

/** Grey shapes of the size of what will be there. @internal */
export function PanelSkeleton({
  shape,
  count = DEFAULT_COUNTS[shape],
  height = 160,
}: PanelSkeletonProps) {
  const heights = { block: height, rows: 20, tiles: 112 };
  return (
    <div className={styles[shape]} aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className={styles.cell}>
          <Skeleton
            className={styles.shape}
            width="100%"
            height={heights[shape]}
          />
        </div>
      ))}
    </div>
  );
}
