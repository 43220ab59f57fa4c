import { Link, useSidebarOpenState } from '@backstage/core-components';
import { MillraceMark } from '../../components/MillraceMark';
import styles from './SidebarLogo.module.css';

/** The sign, and the name when the sidebar is open; leads home. */
export function SidebarLogo() {
  const { isOpen } = useSidebarOpenState();
  return (
    <Link
      to="/"
      underline="none"
      color="inherit"
      className={styles.link}
      aria-label="Millrace home"
    >
      <MillraceMark className={styles.mark} />
      {isOpen && <span className={styles.name}>Millrace</span>}
    </Link>
  );
}
