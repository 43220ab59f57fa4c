import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Text,
  ToggleButton,
  ToggleButtonGroup,
  Tooltip,
  TooltipTrigger,
} from '@backstage/ui';
import { TimeText } from '@millrace/backstage-plugin-pipelines-react';
import { RiHistoryLine, RiSaveLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { ActorName } from '../../ui/ActorName';
import type { PipelineAccess } from '../../ui/usePipelineAccess';
import type { SettingsEditor } from '../useSettingsEditor';
import type { SettingsUrl } from '../useSettingsUrl';
import styles from './EditorBar.module.css';

/** What {@link EditorBar} controls. */
export interface EditorBarProps {
  editor: SettingsEditor;
  url: SettingsUrl;
  access: PipelineAccess;
  onSave(): void;
}

/** Form or JSON, which revision it is, and what can be done with the draft. */
export function EditorBar({ editor, url, access, onSave }: EditorBarProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { base, isDirty, canSave, discard } = editor;
  return (
    <div className={styles.bar}>
      <ToggleButtonGroup
        aria-label={t('settings.view')}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[url.view]}
        onSelectionChange={keys =>
          url.chooseView(keys.has('json') ? 'json' : 'form')
        }
      >
        <ToggleButton id="form">{t('settings.form')}</ToggleButton>
        <ToggleButton id="json">{t('settings.json')}</ToggleButton>
      </ToggleButtonGroup>
      <Text variant="body-small" color="secondary" className={styles.revision}>
        {base.revision === 0 ? (
          t('settings.neverEdited')
        ) : (
          <>
            {t('settings.savedBy', { revision: String(base.revision) })}{' '}
            <ActorName actor={base.author ?? ''} /> <TimeText at={base.at} />
          </>
        )}
      </Text>
      <div className={styles.actions}>
        <Button
          variant="tertiary"
          iconStart={<RiHistoryLine />}
          onPress={() => url.open()}
        >
          {t('settings.revisions')}
        </Button>
        {access.isAllowed && (
          <>
            <Button variant="secondary" isDisabled={!isDirty} onPress={discard}>
              {t('settings.discard')}
            </Button>
            <TooltipTrigger>
              <Button
                variant="primary"
                iconStart={<RiSaveLine />}
                isDisabled={!canSave}
                onPress={onSave}
              >
                {t('settings.save')}
              </Button>
              <Tooltip>{t('settings.saveHint')}</Tooltip>
            </TooltipTrigger>
          </>
        )}
      </div>
    </div>
  );
}
