import { useSearchParams } from 'react-router-dom';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Link, ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import {
  BULK_ITEM_STATES,
  type Bulk,
  type BulkItem,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  formatNumber,
  PanelNotice,
  PanelState,
  RunStateBadge,
  useBulkItems,
  type SignedState,
} from '@millrace/backstage-plugin-pipelines-react';
import { shortRunId } from '../../runs/components/shortRunId';
import { pipelinesTranslationRef } from '../../translation';
import { Panel } from '../../ui/Panel';
import { useRunLinks } from '../../ui/RunLinks';
import styles from './BulkItems.module.css';

const LABELS = {
  pending: 'bulk.pending',
  done: 'bulk.done',
  skipped: 'bulk.skipped',
  failed: 'bulk.failedItems',
} as const satisfies Record<BulkItem['state'], string>;

/** The sign of a run's state that says the same of an item. */
const SIGNS: Record<BulkItem['state'], SignedState> = {
  pending: 'pending',
  done: 'succeeded',
  skipped: 'skipped',
  failed: 'failed',
};

/** What became of each run of a bulk action; the address says which are shown. */
export function BulkItems({ bulk }: { bulk: Bulk }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [parameters, setParameters] = useSearchParams();
  const state = BULK_ITEM_STATES.find(name => name === parameters.get('state'));
  const items = useBulkItems(bulk.id, state);
  const all = items.data?.pages.flatMap(page => page.items);
  return (
    <Panel title={t('bulk.items')} isFlush>
      <div className={styles.filter}>
        <ItemsFilter
          bulk={bulk}
          value={state}
          onChange={next =>
            setParameters(previous => {
              const changed = new URLSearchParams(previous);
              changed.delete('state');
              if (next) {
                changed.set('state', next);
              }
              return changed;
            })
          }
        />
      </div>
      <PanelState
        query={{ ...items, data: all }}
        skeleton="rows"
        empty={shown =>
          shown.length === 0 ? (
            <PanelNotice kind="noMatch" title={t('bulk.noItems')} />
          ) : undefined
        }
      >
        {shown => (
          <ul className={styles.items} aria-label={t('bulk.items')}>
            {shown.map(item => (
              <Item key={item.runId} item={item} />
            ))}
          </ul>
        )}
      </PanelState>
      {items.hasNextPage && (
        <div className={styles.filter}>
          <Button
            size="small"
            variant="secondary"
            isPending={items.isFetchingNextPage}
            onPress={() => items.fetchNextPage()}
          >
            {t('bulk.older')}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function ItemsFilter(props: {
  bulk: Bulk;
  value: BulkItem['state'] | undefined;
  onChange(state: BulkItem['state'] | undefined): void;
}) {
  const { bulk, value, onChange } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <ToggleButtonGroup
      className={styles.chips}
      aria-label={t('bulk.itemsFilter')}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value ?? 'all']}
      onSelectionChange={keys =>
        onChange(BULK_ITEM_STATES.find(name => keys.has(name)))
      }
    >
      <ToggleButton id="all">
        {t('bulk.countOf', {
          label: t('bulk.all'),
          number: formatNumber(bulk.total),
        })}
      </ToggleButton>
      {BULK_ITEM_STATES.map(name => (
        <ToggleButton key={name} id={name}>
          {t('bulk.countOf', {
            label: t(LABELS[name]),
            number: formatNumber(bulk.counts[name]),
          })}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

function Item({ item }: { item: BulkItem }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const { runId, state, message, newRunId } = item;
  return (
    <li className={styles.item}>
      <span className={styles.state}>
        <RunStateBadge state={SIGNS[state]} iconOnly />
        {t(LABELS[state])}
      </span>
      <span className={styles.what}>
        <Link href={links.run(runId)} standalone>
          {item.title}
        </Link>
        <code className={styles.id}>{shortRunId(runId)}</code>
        {newRunId && (
          <span>
            {t('bulk.newRun', {
              run: (
                <Link href={links.run(newRunId)}>{shortRunId(newRunId)}</Link>
              ),
            })}
          </span>
        )}
        {message && <span className={styles.message}>{message}</span>}
      </span>
    </li>
  );
}
