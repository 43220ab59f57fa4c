import { useEffect, useState } from 'react';
import {
  Alert,
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Text,
  TextAreaField,
} from '@backstage/ui';
import { messageOf } from '../api/errors';
import { useText } from '../translation/useText';
import styles from './ConfirmAction.module.css';

const NAMES_SHOWN = 5;
const MAX_REASON_LENGTH = 2_000;

/** Props of {@link ConfirmAction}. @public */
export interface ConfirmActionProps {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
  /** Verb and count: "Cancel 3 runs". */
  title: string;
  /** What will happen, in one sentence. */
  consequence: string;
  /** Names of what is affected; five are shown. */
  names?: readonly string[];
  /** The verb on the button. */
  confirmLabel: string;
  destructive?: boolean;
  /** Asks for a reason. */
  withReason?: boolean;
  /** Does it; the dialog closes when it is done and shows the error when it fails. */
  onConfirm(reason: string | undefined): Promise<unknown>;
}

/** Asks before something that cannot be taken back. @public */
export function ConfirmAction(props: ConfirmActionProps) {
  const t = useText();
  const { isOpen, onOpenChange, onConfirm } = props;
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  useEffect(() => {
    if (isOpen) {
      setReason('');
      setError(undefined);
    }
  }, [isOpen]);

  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm(reason.trim() || undefined);
      onOpenChange(false);
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} width={480}>
      <DialogHeader>{props.title}</DialogHeader>
      <DialogBody>
        <div className={styles.body}>
          <Text as="p" variant="body-medium">
            {props.consequence}
          </Text>
          <Names names={props.names ?? []} />
          {props.withReason && (
            <TextAreaField
              label={t('ui.confirm.reason')}
              rows={2}
              value={reason}
              maxLength={MAX_REASON_LENGTH}
              onChange={setReason}
            />
          )}
          {error !== undefined && (
            <Alert
              status="danger"
              icon
              title={t('ui.confirm.failed')}
              description={messageOf(error)}
            />
          )}
        </div>
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" slot="close">
          {t('ui.confirm.close')}
        </Button>
        <Button
          variant="primary"
          destructive={props.destructive}
          isPending={busy}
          onPress={confirm}
        >
          {props.confirmLabel}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function Names({ names }: { names: readonly string[] }) {
  const t = useText();
  if (names.length === 0) {
    return null;
  }
  const left = names.length - NAMES_SHOWN;
  return (
    <ul className={styles.names}>
      {names.slice(0, NAMES_SHOWN).map(name => (
        <li key={name}>{name}</li>
      ))}
      {left > 0 && <li>{t('ui.confirm.more', { count: left })}</li>}
    </ul>
  );
}
