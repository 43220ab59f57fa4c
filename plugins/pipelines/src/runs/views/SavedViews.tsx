import { useState } from 'react';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
} from '@backstage/ui';
import {
  messageOf,
  useUpdateView,
  useViews,
} from '@millrace/backstage-plugin-pipelines-react';
import {
  RiAddLine,
  RiArrowGoBackLine,
  RiBookmarkFill,
  RiBookmarkLine,
  RiDeleteBinLine,
  RiLink,
  RiListCheck2,
  RiPencilLine,
  RiSaveLine,
} from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { GatedItem } from '../../ui/GatedItem';
import { absoluteUrl, useRunLinks } from '../../ui/RunLinks';
import { useCopy } from '../../ui/useCopy';
import type { RunsUrl } from '../runsUrl';
import type { RunsUrlHandle } from '../useRunsUrl';
import { DeleteViewDialog } from './DeleteViewDialog';
import { ownerName } from './ownerName';
import styles from './SavedViews.module.css';
import type { OpenedView } from './useOpenedView';
import { ViewDialog } from './ViewDialog';
import { ViewItems } from './ViewItems';
import { contentOf, viewQueryOf } from './viewQuery';

const TOAST_MS = 4_000;

/** What {@link SavedViews} shows and does. */
export interface SavedViewsProps {
  url: RunsUrl;
  opened: OpenedView;
  onChange: RunsUrlHandle['change'];
}

/** A menu of the views of the caller and of the caller's teams, and of what can be done with them. */
export function SavedViews({ url, opened, onChange }: SavedViewsProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const toasts = useApi(toastApiRef);
  const views = useViews('runs');
  const update = useUpdateView();
  const [asked, setAsked] = useState<'create' | 'edit' | 'delete'>();
  const { view, error } = opened;
  const owners = views.data?.owners ?? [];
  const query = viewQueryOf(url);
  const done = (title: string) =>
    toasts.post({ title, status: 'success', timeout: TOAST_MS });
  const save = () =>
    view &&
    update.mutate(
      {
        viewId: view.id,
        name: view.name,
        owner: view.owner,
        revision: view.revision,
        query,
      },
      { onSuccess: ({ name }) => done(t('views.saved', { name })) },
    );
  return (
    <>
      <MenuTrigger>
        <TriggerButton opened={opened} />
        <Menu placement="bottom start">
          <ViewItems
            views={views}
            opened={view}
            onOpen={chosen => onChange(contentOf(chosen))}
          />
          <MenuSection title={t('views.thisList')}>
            <MenuItem
              iconStart={<RiListCheck2 />}
              onAction={() => onChange(contentOf(undefined))}
            >
              {t('views.all')}
            </MenuItem>
            <MenuItem
              iconStart={<RiAddLine />}
              isDisabled={owners.length === 0}
              onAction={() => setAsked('create')}
            >
              {t('views.saveAs')}
            </MenuItem>
          </MenuSection>
          {view && (
            <ViewActions
              opened={{ ...opened, view }}
              onSave={save}
              onReset={() => onChange(contentOf(view))}
              onAsk={setAsked}
            />
          )}
        </Menu>
      </MenuTrigger>
      {error && (
        <Alert
          status="warning"
          icon
          title={t('views.missingTitle')}
          description={t('views.missing')}
          className={styles.notice}
        />
      )}
      {update.error && update.variables.viewId === view?.id && (
        <Alert
          status="danger"
          icon
          title={t('views.notSaved')}
          description={messageOf(update.error)}
          className={styles.notice}
        />
      )}
      {(asked === 'create' || (asked === 'edit' && view)) && (
        <ViewDialog
          view={asked === 'edit' ? view : undefined}
          query={query}
          owners={owners}
          onSaved={saved => {
            if (asked === 'create') {
              onChange(contentOf(saved));
            }
            done(t('views.saved', { name: saved.name }));
          }}
          onClose={() => setAsked(undefined)}
        />
      )}
      {asked === 'delete' && view && (
        <DeleteViewDialog
          view={view}
          isShared={view.owner !== owners[0]}
          onDeleted={() => {
            // The list stays as it is; only its name is gone.
            onChange({ view: undefined }, { replace: true });
            done(t('views.deleted', { name: view.name }));
          }}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

function TriggerButton({
  opened: { view, isChanged },
}: {
  opened: OpenedView;
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const label = view
    ? t(isChanged ? 'views.openedChanged' : 'views.opened', {
        name: view.name,
      })
    : t('views.open');
  return (
    <Button
      size="small"
      variant="secondary"
      iconStart={view ? <RiBookmarkFill /> : <RiBookmarkLine />}
      aria-label={label}
    >
      <span className={styles.name}>{view?.name ?? t('views.none')}</span>
      {isChanged && (
        <span className={styles.changed}>({t('views.changed')})</span>
      )}
    </Button>
  );
}

/** What can be done with the view that is opened. */
function ViewActions(props: {
  opened: OpenedView & Required<Pick<OpenedView, 'view'>>;
  onSave(): void;
  onReset(): void;
  onAsk(dialog: 'edit' | 'delete'): void;
}) {
  const { opened, onSave, onReset, onAsk } = props;
  const { view, isChanged } = opened;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const links = useRunLinks();
  const copy = useCopy();
  const access = {
    isAllowed: view.isEditable,
    refusal: view.isEditable
      ? undefined
      : t('views.notYours', { owner: ownerName(view.owner) }),
  };
  return (
    <>
      <MenuSection title={view.name}>
        <MenuItem
          iconStart={<RiArrowGoBackLine />}
          isDisabled={!isChanged}
          onAction={onReset}
        >
          {t('views.reset')}
        </MenuItem>
        <MenuItem
          iconStart={<RiLink />}
          onAction={() =>
            copy(
              absoluteUrl(links.runs(`?view=${view.id}`)),
              t('common.copied'),
            )
          }
        >
          {t('views.copy')}
        </MenuItem>
        {view.isEditable && (
          <>
            <MenuItem
              iconStart={<RiSaveLine />}
              isDisabled={!isChanged}
              onAction={onSave}
            >
              {t('views.save')}
            </MenuItem>
            <MenuItem
              iconStart={<RiPencilLine />}
              onAction={() => onAsk('edit')}
            >
              {t('views.edit')}
            </MenuItem>
            <MenuItem
              iconStart={<RiDeleteBinLine />}
              color="danger"
              onAction={() => onAsk('delete')}
            >
              {t('views.delete')}
            </MenuItem>
          </>
        )}
      </MenuSection>
      {!view.isEditable && (
        <GatedItem
          access={access}
          label={t('views.save')}
          icon={<RiSaveLine />}
          onAction={onSave}
        />
      )}
    </>
  );
}
