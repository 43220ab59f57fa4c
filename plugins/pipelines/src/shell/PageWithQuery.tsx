import { ReactNode } from 'react';
import { Navigate, useLocation, useParams } from 'react-router-dom';
import styles from './PluginTabs.module.css';

/**
 * Leads from the page itself to its first tab with the query of the address, which the portal's
 * own redirect drops: `/pipelines?run=<pipeline>` opens the Run… dialog. Lets the tabs of the
 * page scroll where there is little room.
 */
export function PageWithQuery(props: {
  /** Path of the first tab, below the page. */
  firstTab: string | undefined;
  children: ReactNode;
}) {
  const { firstTab, children } = props;
  const { '*': rest = '' } = useParams();
  const { search } = useLocation();
  return firstTab && rest === '' && search ? (
    <Navigate to={`${firstTab}${search}`} replace />
  ) : (
    <div className={styles.page}>{children}</div>
  );
}
