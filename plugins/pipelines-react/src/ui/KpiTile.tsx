import type { ReactNode } from 'react';
import clsx from 'clsx';
import {
  RiArrowDownLine,
  RiArrowRightLine,
  RiArrowUpLine,
} from '@remixicon/react';
import { Card, CardBody, Text, VisuallyHidden } from '@backstage/ui';
import { useText } from '../translation/useText';
import { SparkLine } from './SparkLine';
import styles from './KpiTile.module.css';
import tones from './tones.module.css';

/** How a number compares to the period before. @public */
export interface KpiChange {
  direction: 'up' | 'down' | 'same';
  /** How much, ready to print: `12 %`. */
  text: string;
  /** Whether the change is welcome; absent is neither. */
  good?: boolean;
}

/** Props of {@link KpiTile}. @public */
export interface KpiTileProps {
  label: string;
  /** The number, ready to print; absent when there is nothing to count. */
  value: string | undefined;
  /** What the number is made of: `312 of 338`. */
  detail?: ReactNode;
  change?: KpiChange;
  /** Values over time, oldest first, for the line; fewer than two draw none. */
  spark?: readonly number[];
  /** Usually an `AsOf`. */
  footer?: ReactNode;
  /** What opening the tile shows, as its accessible name; needed with `href` or `onPress`. */
  actionLabel?: string;
  href?: string;
  onPress?: () => void;
}

const ARROWS = {
  up: RiArrowUpLine,
  down: RiArrowDownLine,
  same: RiArrowRightLine,
};

/** One number of a dashboard with its change, its course and its age. @public */
export function KpiTile(props: KpiTileProps) {
  const t = useText();
  const { label, value, detail, change, spark = [], footer } = props;
  const name = props.actionLabel ?? label;
  const body = (
    <CardBody className={styles.body}>
      <Text variant="body-small" color="secondary">
        {label}
      </Text>
      <div className={styles.numbers}>
        <span className={clsx(styles.value, !value && styles.noValue)}>
          {value ?? t('ui.kpi.noValue')}
        </span>
        {change && <Change change={change} />}
        <SparkLine
          values={spark}
          label={t('ui.kpi.spark', { label })}
          className={styles.spark}
        />
      </div>
      <div className={styles.detail}>{detail}</div>
      {footer}
    </CardBody>
  );
  if (props.href !== undefined) {
    return (
      <Card className={styles.tile} href={props.href} label={name}>
        {body}
      </Card>
    );
  }
  if (props.onPress) {
    return (
      <Card className={styles.tile} onPress={props.onPress} label={name}>
        {body}
      </Card>
    );
  }
  return <Card className={styles.tile}>{body}</Card>;
}

function Change({ change }: { change: KpiChange }) {
  const t = useText();
  const Arrow = ARROWS[change.direction];
  const goodTone = change.good ? tones.positive : tones.negative;
  return (
    <span
      className={clsx(
        styles.change,
        change.good === undefined ? tones.neutral : goodTone,
      )}
    >
      <Arrow size={14} aria-hidden="true" />
      <span aria-hidden="true">{change.text}</span>
      <VisuallyHidden>
        {t(`ui.kpi.${change.direction}`, { change: change.text })}
      </VisuallyHidden>
    </span>
  );
}
