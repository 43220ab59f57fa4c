import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { MenuItem, MenuSection } from '@backstage/ui';
import type {
  ListViewsResponse,
  SavedView,
} from '@millrace/backstage-plugin-pipelines-common';
import { messageOf } from '@millrace/backstage-plugin-pipelines-react';
import { RiBookmarkLine, RiCheckLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { ownerName } from './ownerName';

/** What {@link ViewItems} offers. */
export interface ViewItemsProps {
  views: { data: ListViewsResponse | undefined; error: Error | null };
  opened: SavedView | undefined;
  onOpen(view: SavedView): void;
}

/** The views that can be opened, one section of a menu for each owner. */
export function ViewItems({ views, opened, onOpen }: ViewItemsProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { data, error } = views;
  if (!data) {
    return (
      <MenuItem isDisabled>
        {error
          ? t('views.failed', { reason: messageOf(error) })
          : t('views.loading')}
      </MenuItem>
    );
  }
  const { items, owners } = data;
  const me = owners[0];
  const isForeign =
    opened !== undefined && !items.some(({ id }) => id === opened.id);
  const sections = [
    ...(isForeign
      ? [
          {
            title: t('views.byLink', { owner: ownerName(opened.owner) }),
            views: [opened],
          },
        ]
      : []),
    ...[...new Set(items.map(({ owner }) => owner))].map(owner => ({
      title:
        owner === me
          ? t('views.mine')
          : t('views.team', { team: ownerName(owner) }),
      views: items.filter(view => view.owner === owner),
    })),
  ];
  return (
    <>
      {sections.map(({ title, views: shown }) => (
        <MenuSection key={title} title={title}>
          {shown.map(view => (
            <MenuItem
              key={view.id}
              textValue={view.name}
              iconStart={
                view.id === opened?.id ? <RiCheckLine /> : <RiBookmarkLine />
              }
              onAction={() => onOpen(view)}
            >
              {view.name}
            </MenuItem>
          ))}
        </MenuSection>
      ))}
      {sections.length === 0 && (
        <MenuItem isDisabled>{t('views.empty')}</MenuItem>
      )}
      {data.nextCursor && (
        <MenuItem isDisabled>
          {t('views.more', { number: String(items.length) })}
        </MenuItem>
      )}
    </>
  );
}
