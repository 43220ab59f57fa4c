import { useId, type ReactNode } from 'react';
import Drawer from '@material-ui/core/Drawer';
import { ButtonIcon } from '@backstage/ui';
import { RiCloseLine } from '@remixicon/react';
import styles from './SideDrawer.module.css';

/** What {@link SideDrawer} shows. */
export interface SideDrawerProps {
  title: string;
  isOpen: boolean;
  /** The name of the button that closes it. */
  closeLabel: string;
  onClose(): void;
  /** Buttons that stay in sight while the content scrolls. */
  footer?: ReactNode;
  children: ReactNode;
}

/** A dialog at the right edge; the whole screen where that is narrow. */
export function SideDrawer(props: SideDrawerProps) {
  const { title, isOpen, closeLabel, onClose, footer, children } = props;
  const titleId = useId();
  return (
    <Drawer
      anchor="right"
      open={isOpen}
      onClose={onClose}
      PaperProps={{
        className: styles.paper,
        role: 'dialog',
        'aria-modal': true,
        'aria-labelledby': titleId,
      }}
    >
      <header className={styles.head}>
        <h2 id={titleId} className={styles.title}>
          {title}
        </h2>
        <ButtonIcon
          variant="tertiary"
          icon={<RiCloseLine />}
          aria-label={closeLabel}
          onPress={onClose}
        />
      </header>
      <div className={styles.body}>{children}</div>
      {footer && <footer className={styles.foot}>{footer}</footer>}
    </Drawer>
  );
}
