import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  ButtonIcon,
  ButtonLink,
  Menu,
  MenuItem,
  MenuTrigger,
  useBreakpoint,
} from '@backstage/ui';
import {
  BULK_ACTIONS,
  type BulkAction,
  type RunsFilter,
} from '@millrace/backstage-plugin-pipelines-common';
import { RiMore2Line } from '@remixicon/react';
import type { RunSelection } from '../runs/useRunSelection';
import { compareSearch } from '../runs/compare';
import { pipelinesTranslationRef } from '../translation';
import { useRunLinks } from '../ui/RunLinks';
import { BulkDrawer } from './BulkDrawer';
import styles from './BulkBar.module.css';
import { NEW_DRAFT, type BulkDraft } from './bulkRequest';

/** Actions that have a button where there is little room. */
const FIRST_ACTIONS: readonly BulkAction[] = ['cancel', 'retry'];

/** What {@link BulkBar} is about. */
export interface BulkBarProps {
  selection: RunSelection;
  /** Which runs the list shows. */
  filter: RunsFilter;
}

/** What can be done with the chosen runs, at the bottom of the list; nothing while none are. */
export function BulkBar({ selection, filter }: BulkBarProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const isNarrow = useBreakpoint().down('sm');
  const [draft, setDraft] = useState<BulkDraft>();
  const count = selection.ids.size;
  const begin = (changes: Partial<BulkDraft>) =>
    setDraft({ ...NEW_DRAFT, ...changes });
  const withButton = isNarrow ? FIRST_ACTIONS : BULK_ACTIONS;
  const inMenu = BULK_ACTIONS.filter(action => !withButton.includes(action));
  return (
    <>
      {count > 0 && (
        <section className={styles.bar} aria-label={t('bulk.bar')}>
          <span className={styles.count} role="status">
            {t('bulk.chosen', { count })}
          </span>
          <div className={styles.actions}>
            {count === 2 && (
              <ButtonLink
                size="small"
                variant="secondary"
                href={links.compare(compareSearch(oldestFirst(selection.ids)))}
              >
                {t('compare.compareTwo')}
              </ButtonLink>
            )}
            {withButton.map(action => (
              <Button
                key={action}
                size="small"
                variant="secondary"
                destructive={action === 'cancel'}
                onPress={() => begin({ action })}
              >
                {t(`bulk.${action}` as const)}
              </Button>
            ))}
            {inMenu.length > 0 && (
              <MenuTrigger>
                <ButtonIcon
                  size="small"
                  variant="secondary"
                  icon={<RiMore2Line />}
                  aria-label={t('bulk.more')}
                />
                <Menu placement="top end">
                  {inMenu.map(action => (
                    <MenuItem key={action} onAction={() => begin({ action })}>
                      {t(`bulk.${action}` as const)}
                    </MenuItem>
                  ))}
                </Menu>
              </MenuTrigger>
            )}
          </div>
          <div className={styles.rest}>
            <Button
              size="small"
              variant="tertiary"
              onPress={() => begin({ scope: 'all' })}
            >
              {t('bulk.selectAll')}
            </Button>
            <Button size="small" variant="tertiary" onPress={selection.clear}>
              {t('bulk.clear')}
            </Button>
          </div>
        </section>
      )}
      {draft && (
        <BulkDrawer
          draft={draft}
          onChange={setDraft}
          ids={selection.ids}
          filter={filter}
          onClose={() => setDraft(undefined)}
        />
      )}
    </>
  );
}

/** Ids grow with time, so the older run is at the left. */
function oldestFirst(ids: ReadonlySet<string>): { a: string; b: string } {
  const [a, b] = [...ids].sort();
  return { a, b };
}
