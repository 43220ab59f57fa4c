import type { ReactNode } from 'react';
import clsx from 'clsx';
import {
  RiCheckboxCircleFill,
  RiErrorWarningLine,
  RiFilterOffLine,
  RiInboxLine,
  RiLock2Line,
  RiQuestionLine,
  type RemixiconComponentType,
} from '@remixicon/react';
import { Text } from '@backstage/ui';
import styles from './PanelNotice.module.css';

/** What a panel says instead of its content. @public */
export type PanelNoticeKind =
  | 'empty'
  | 'noMatch'
  | 'good'
  | 'error'
  | 'forbidden'
  | 'notFound';

/** Props of {@link PanelNotice}. @public */
export interface PanelNoticeProps {
  /**
   * `empty`: nothing ever; `noMatch`: the filter excludes all; `good`: nothing, and that is good.
   */
  kind: PanelNoticeKind;
  title: ReactNode;
  children?: ReactNode;
  /** One button or link. */
  action?: ReactNode;
}

const ICONS: Record<PanelNoticeKind, RemixiconComponentType> = {
  empty: RiInboxLine,
  noMatch: RiFilterOffLine,
  good: RiCheckboxCircleFill,
  error: RiErrorWarningLine,
  forbidden: RiLock2Line,
  notFound: RiQuestionLine,
};

/** A named state of a panel: icon, sentence, and one way on. @public */
export function PanelNotice({
  kind,
  title,
  children,
  action,
}: PanelNoticeProps) {
  const Icon = ICONS[kind];
  return (
    <div
      className={clsx(styles.notice, styles[kind])}
      role={kind === 'error' ? 'alert' : 'status'}
    >
      <Icon size={24} aria-hidden />
      <Text as="p" variant="body-medium" weight="bold">
        {title}
      </Text>
      {children && (
        <Text as="div" variant="body-medium" className={styles.text}>
          {children}
        </Text>
      )}
      {action}
    </div>
  );
}
