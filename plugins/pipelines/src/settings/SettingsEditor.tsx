import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import {
  pipelineConfigurePermission,
  type Settings,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  PanelState,
  useSettings,
  useSettingsRevisions,
  type SettingField,
  type SettingsScope,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import type { PipelineAccess } from '../ui/usePipelineAccess';
import { ChangesPane } from './components/ChangesPane';
import { ConflictView } from './components/ConflictView';
import { EditorBar } from './components/EditorBar';
import { EditorNotices } from './components/EditorNotices';
import { LeaveDialog } from './components/LeaveDialog';
import { RevisionsDrawer } from './components/RevisionsDrawer';
import { SaveDialog } from './components/SaveDialog';
import { SettingsFields } from './components/SettingsFields';
import styles from './SettingsEditor.module.css';
import { useLeaveGuard } from './useLeaveGuard';
import { useSaving } from './useSaving';
import { useSettingsEditor } from './useSettingsEditor';
import { useSettingsUrl } from './useSettingsUrl';

/** Whose settings are edited, and whether the person may. */
export interface SettingsEditorProps {
  scope: SettingsScope;
  access: PipelineAccess;
}

/** Edits the settings of a pipeline or of the portal: a draft, what it changes, and revisions. */
export function SettingsEditor(props: SettingsEditorProps) {
  const settings = useSettings(props.scope);
  return (
    <PanelState
      query={settings}
      skeletonHeight={480}
      permission={pipelineConfigurePermission.name}
    >
      {newest => <LoadedEditor {...props} newest={newest} />}
    </PanelState>
  );
}

function LoadedEditor(props: SettingsEditorProps & { newest: Settings }) {
  const { scope, access, newest } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const url = useSettingsUrl();
  const editor = useSettingsEditor(newest);
  const revisionOf = useRevisionOf(scope);
  const saving = useSaving({ scope, editor, newest, access });
  const guard = useLeaveGuard(editor.isDirty);
  const isReadOnly = !access.isAllowed;
  return (
    <div className={styles.editor}>
      <EditorBar
        editor={editor}
        url={url}
        access={access}
        onSave={saving.askToSave}
      />
      <EditorNotices
        editor={editor}
        newest={newest}
        access={access}
        isQuiet={saving.asked !== undefined || saving.isComparing}
        onCompare={saving.compare}
      />
      {newest.problems && (
        <Alert
          status="warning"
          icon
          title={t('settings.unfit')}
          description={newest.problems.join('; ')}
        />
      )}
      {saving.isComparing && newest.revision > editor.base.revision ? (
        <ConflictView
          editor={editor}
          newest={newest}
          onApply={saving.saveMerged}
          onClose={saving.stopComparing}
        />
      ) : (
        <div className={styles.columns}>
          <SettingsFields
            editor={editor}
            view={url.view}
            isReadOnly={isReadOnly}
            revisionOf={revisionOf}
          />
          {!isReadOnly && <ChangesPane editor={editor} view={url.view} />}
        </div>
      )}
      {saving.asked && (
        <SaveDialog
          scope={scope}
          asked={saving.asked}
          onDone={saving.onDone}
          onRefused={saving.onRefused}
          onClose={saving.close}
        />
      )}
      <RevisionsDrawer
        scope={scope}
        newest={newest}
        url={url}
        access={access}
        onRestore={revision => {
          // Two layers that both hold the focus would take it from each other without end.
          url.close();
          saving.askToRestore(revision);
        }}
      />
      {guard.isAsking && <LeaveDialog guard={guard} />}
    </div>
  );
}

/** The revision that last changed a setting, among the newest page of them. */
function useRevisionOf(scope: SettingsScope) {
  const revisions = useSettingsRevisions(scope);
  const items = revisions.data?.pages.flatMap(page => page.items) ?? [];
  return ({ id }: SettingField) =>
    items.find(({ changed }) =>
      changed.some(
        path =>
          path === id || path.startsWith(`${id}.`) || id.startsWith(`${path}.`),
      ),
    )?.revision;
}
