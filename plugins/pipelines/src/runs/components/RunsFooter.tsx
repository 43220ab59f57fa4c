import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Select, Text } from '@backstage/ui';
import { formatExactTime } from '@millrace/backstage-plugin-pipelines-react';
import { RiArrowLeftSLine, RiArrowRightSLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { useSingleKeys } from '../../ui/useSingleKeys';
import { PAGE_SIZES } from '../runsUrl';
import styles from './RunsFooter.module.css';

/** What {@link RunsFooter} shows and does. */
export interface RunsFooterProps {
  /** Runs on this page. */
  count: number;
  pageSize: number;
  hasPrevious: boolean;
  nextCursor?: string;
  /** Where the server stopped to look, ISO 8601. */
  searchedBackTo?: string;
  isOldestFirst: boolean;
  onPageSize(pageSize: number): void;
  onPrevious(): void;
  onNext(cursor: string): void;
}

/** What is known of the length of the list, and the way to its other pages; `j` and `k` turn them. */
export function RunsFooter(props: RunsFooterProps) {
  const { nextCursor, hasPrevious, searchedBackTo } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const next = () => nextCursor && props.onNext(nextCursor);
  const previous = () => hasPrevious && props.onPrevious();
  useSingleKeys({ j: next, k: previous });
  return (
    <div className={styles.footer}>
      <Text variant="body-small" as="p" className={styles.known}>
        <FooterCount {...props} />
        {searchedBackTo &&
          ` · ${t(
            props.isOldestFirst ? 'runs.searchedUpTo' : 'runs.searchedBackTo',
            { time: formatExactTime(searchedBackTo) },
          )}`}
      </Text>
      <Select
        size="small"
        aria-label={t('runs.pageSize')}
        className={styles.size}
        options={PAGE_SIZES.map(size => ({
          id: String(size),
          label: String(size),
        }))}
        value={String(props.pageSize)}
        onChange={key => props.onPageSize(Number(key))}
      />
      <Button
        variant="secondary"
        iconStart={<RiArrowLeftSLine />}
        isDisabled={!hasPrevious}
        onPress={previous}
      >
        {t('runs.previous')}
      </Button>
      <Button
        variant="secondary"
        iconEnd={<RiArrowRightSLine />}
        isDisabled={nextCursor === undefined}
        onPress={next}
      >
        {t('runs.next')}
      </Button>
    </div>
  );
}

function FooterCount({ count, nextCursor, hasPrevious }: RunsFooterProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (nextCursor !== undefined) {
    return <>{t('runs.footerMore', { count })}</>;
  }
  return (
    <>
      {hasPrevious
        ? t('runs.footerLast', { count })
        : t('runs.footerAll', { count })}
    </>
  );
}
