import { useEffect, useState, type ReactNode } from 'react';
import LinearProgress from '@material-ui/core/LinearProgress';
import { Alert, Button, Text } from '@backstage/ui';
import { isClientError, messageOf, statusOf } from '../api/errors';
import { useNow } from '../live/useNow';
import { useText } from '../translation/useText';
import { formatAge } from './format';
import { PanelNotice } from './PanelNotice';
import { PanelSkeleton, type SkeletonShape } from './PanelSkeleton';
import { useDelayed } from './useDelayed';
import styles from './PanelState.module.css';

/** What {@link PanelState} needs of a query; every result of the hooks of this package fits. @public */
export interface PanelQuery<TData> {
  data: TData | undefined;
  error: Error | null;
  isFetching: boolean;
  isPlaceholderData?: boolean;
  dataUpdatedAt: number;
  refetch(): unknown;
}

/** Props of {@link PanelState}. @public */
export interface PanelStateProps<TData> {
  query: PanelQuery<TData>;
  /** Draws the content. */
  children(data: TData): ReactNode;
  /** A `PanelNotice` where the data is empty, else undefined. */
  empty?(data: TData): ReactNode | undefined;
  /** The permission that a 403 means, such as `pipelines.run.read`. */
  permission?: string;
  /** Whom to ask for it. */
  owner?: string;
  /** Instead of the usual sentence for a 404. */
  notFound?: ReactNode;
  /** What the first load looks like; by default one block. */
  skeleton?: SkeletonShape;
  /** Rows of a `rows` skeleton, or tiles of a `tiles` one. */
  skeletonCount?: number;
  /** Height of a `block` skeleton, px. */
  skeletonHeight?: number;
}

/** Before this, nothing is drawn: most answers are there sooner, and a flash is noise. */
const SKELETON_AFTER_MS = 200;
const STILL_LOADING_AFTER_MS = 5_000;
/** A thin bar for reloads that one can notice, not for each live refresh. */
const RELOADING_AFTER_MS = 1_000;

/**
 * A panel in whichever state its query is: loading, reloading, empty, error, forbidden, not
 * found, stale, disconnected, or there.
 *
 * @public
 */
export function PanelState<TData>(props: PanelStateProps<TData>) {
  const { query, children, empty } = props;
  const { data } = query;
  const error = useLastError(query);
  if (data === undefined) {
    return error ? (
      <PanelFailure {...props} error={error} />
    ) : (
      <PanelLoading {...props} />
    );
  }
  return (
    <div className={styles.panel}>
      <Reloading active={query.isFetching} changing={query.isPlaceholderData} />
      {error && <StaleNotice query={query} error={error} />}
      <div className={query.isPlaceholderData ? styles.dimmed : undefined}>
        {empty?.(data) ?? children(data)}
      </div>
    </div>
  );
}

/** A query forgets its error while it asks again; the panel would jump to its skeleton and back. */
function useLastError<TData>(query: PanelQuery<TData>): Error | null {
  const { data, error } = query;
  const [last, setLast] = useState<Error | null>(null);
  useEffect(() => {
    if (error || data !== undefined) {
      setLast(error);
    }
  }, [data, error]);
  return error ?? (data === undefined ? last : null);
}

function PanelLoading<TData>(props: PanelStateProps<TData>) {
  const t = useText();
  const visible = useDelayed(true, SKELETON_AFTER_MS);
  const slow = useDelayed(true, STILL_LOADING_AFTER_MS);
  return (
    <div
      className={styles.panel}
      aria-busy="true"
      aria-label={t('ui.panel.loading')}
      role="status"
    >
      <div className={visible ? undefined : styles.hidden}>
        <PanelSkeleton
          shape={props.skeleton ?? 'block'}
          count={props.skeletonCount}
          height={props.skeletonHeight}
        />
      </div>
      {slow && (
        <Text as="p" variant="body-small" color="secondary">
          {t('ui.panel.stillLoading')}
        </Text>
      )}
    </div>
  );
}

function PanelFailure<TData>(props: PanelStateProps<TData> & { error: Error }) {
  const t = useText();
  const { query, error, permission, owner, notFound } = props;
  const status = statusOf(error);
  if (status === 403) {
    return (
      <PanelNotice kind="forbidden" title={t('ui.panel.forbiddenTitle')}>
        {forbiddenText(t, messageOf(error), permission, owner)}
      </PanelNotice>
    );
  }
  if (status === 404) {
    return (
      <>
        {notFound ?? (
          <PanelNotice kind="notFound" title={t('ui.panel.notFoundTitle')}>
            {t('ui.panel.notFound')}
          </PanelNotice>
        )}
      </>
    );
  }
  return (
    <PanelNotice
      kind="error"
      title={t('ui.panel.errorTitle')}
      action={<TryAgain query={query} />}
    >
      {messageOf(error)}
    </PanelNotice>
  );
}

function forbiddenText(
  t: ReturnType<typeof useText>,
  message: string,
  permission: string | undefined,
  owner: string | undefined,
): string {
  if (!permission) {
    return message;
  }
  return owner
    ? t('ui.panel.forbiddenAsk', { permission, owner })
    : t('ui.panel.forbidden', { permission });
}

function StaleNotice<TData>(props: { query: PanelQuery<TData>; error: Error }) {
  const t = useText();
  const { query, error } = props;
  const age = formatAge(useNow(1_000) - query.dataUpdatedAt);
  const disconnected = statusOf(error) === undefined && !isClientError(error);
  return (
    <Alert
      className={styles.stale}
      status="warning"
      icon
      title={
        disconnected
          ? t('ui.panel.disconnectedTitle')
          : t('ui.panel.staleTitle', { age })
      }
      description={
        disconnected ? t('ui.panel.disconnected', { age }) : messageOf(error)
      }
      customActions={<TryAgain query={query} />}
    />
  );
}

function TryAgain<TData>({ query }: { query: PanelQuery<TData> }) {
  const t = useText();
  return (
    <Button
      size="small"
      variant="secondary"
      isPending={query.isFetching}
      onPress={() => query.refetch()}
    >
      {t('ui.panel.tryAgain')}
    </Button>
  );
}

function Reloading(props: { active: boolean; changing?: boolean }) {
  const t = useText();
  const noticeable = useDelayed(
    props.active,
    props.changing ? SKELETON_AFTER_MS : RELOADING_AFTER_MS,
  );
  return noticeable ? (
    <LinearProgress
      aria-label={t('ui.panel.reloading')}
      classes={{ root: styles.reloading, bar: styles.reloadingBar }}
    />
  ) : null;
}
