import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import type { Settings } from '@millrace/backstage-plugin-pipelines-common';
import { pipelinesTranslationRef } from '../../translation';
import type { PipelineAccess } from '../../ui/usePipelineAccess';
import type { SettingsEditor } from '../useSettingsEditor';

/** What {@link EditorNotices} tells of. */
export interface EditorNoticesProps {
  editor: SettingsEditor;
  newest: Settings;
  access: PipelineAccess;
  /** While one saves or compares, a newer revision is one's own or told of elsewhere. */
  isQuiet: boolean;
  onCompare(): void;
}

/** Who saved meanwhile, what the server refused, and why one may not edit. */
export function EditorNotices(props: EditorNoticesProps) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { editor, newest, access, isQuiet, onCompare } = props;
  const isOlder = !isQuiet && newest.revision > editor.base.revision;
  const { general } = editor.problems;
  return (
    <>
      {!access.isAllowed && (
        <Alert
          status="info"
          icon
          description={
            access.refusal
              ? t('settings.readOnly', { reason: access.refusal })
              : t('settings.readOnlyUnknown')
          }
        />
      )}
      {isOlder && (
        <Alert
          status="warning"
          icon
          title={t('settings.newer', {
            revision: String(newest.revision),
            by: newest.author ?? '',
          })}
          description={t('settings.newerText')}
          customActions={
            <Button size="small" variant="secondary" onPress={onCompare}>
              {t('settings.compare')}
            </Button>
          }
        />
      )}
      {general.length > 0 && (
        <Alert
          status="danger"
          icon
          title={t('settings.refused')}
          description={general.join('; ')}
        />
      )}
    </>
  );
}
