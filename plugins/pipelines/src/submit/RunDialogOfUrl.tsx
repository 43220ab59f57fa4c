import { Component, lazy, ReactNode, Suspense, useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
} from '@backstage/ui';
import { pipelinesTranslationRef } from '../translation';
import { useRunDialogUrl } from './useRunDialogUrl';

/** Loads the dialog: forms and their checks are large, and most visits never open one. */
export type LoadRunDialog = () => Promise<typeof import('./RunDialog')>;

const loadRunDialog: LoadRunDialog = () => import('./RunDialog');

const lazyDialog = (load: LoadRunDialog) =>
  lazy(async () => ({ default: (await load()).RunDialog }));

const FirstRunDialog = lazyDialog(loadRunDialog);

/** Keeps a dialog that cannot be drawn from taking the page with it. */
class DialogBoundary extends Component<{
  children: ReactNode;
  instead: ReactNode;
}> {
  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override state = { hasFailed: false };

  override render() {
    return this.state.hasFailed ? this.props.instead : this.props.children;
  }
}

/** The Run… dialog while the address asks for it; once per page. */
export function RunDialogOfUrl(props: {
  entityRef?: string;
  /** For tests. */
  load?: LoadRunDialog;
}) {
  const { entityRef, load = loadRunDialog } = props;
  const url = useRunDialogUrl();
  const [{ RunDialog, attempt }, setLoaded] = useState(() => ({
    RunDialog: load === loadRunDialog ? FirstRunDialog : lazyDialog(load),
    attempt: 1,
  }));
  // A component that failed to load stays failed, so another try is another component.
  const tryAgain = () =>
    setLoaded({ RunDialog: lazyDialog(load), attempt: attempt + 1 });
  return url.isOpen ? (
    <DialogBoundary
      key={attempt}
      instead={<NotLoaded onTryAgain={tryAgain} onClose={url.close} />}
    >
      <Suspense fallback={null}>
        <RunDialog
          pipelineId={url.pipelineId}
          fromRunId={url.fromRunId}
          isRetry={url.isRetry}
          isFromFailedStep={url.isFromFailedStep}
          entityRef={entityRef}
          onChoose={url.choose}
          onFill={url.fill}
          onClose={url.close}
        />
      </Suspense>
    </DialogBoundary>
  ) : null;
}

function NotLoaded(props: { onTryAgain(): void; onClose(): void }) {
  const { onTryAgain, onClose } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <Dialog isOpen onOpenChange={isOpen => !isOpen && onClose()} width={480}>
      <DialogHeader>{t('submit.title')}</DialogHeader>
      <DialogBody>
        <Alert
          status="danger"
          icon
          title={t('submit.chunkTitle')}
          description={t('submit.chunkText')}
        />
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" slot="close">
          {t('submit.close')}
        </Button>
        <Button variant="primary" onPress={onTryAgain}>
          {t('submit.tryAgain')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
