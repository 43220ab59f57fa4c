import { useEffect, useState, type ReactNode } from 'react';
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
import { isCountTyped, TypedCount } from './TypedCount';

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
  /** How many it will be done to; over 100 the number must be typed. */
  count?: number;
  /** Fields of its own, between the names and the reason. */
  children?: ReactNode;
  /** False while the fields do not say what is to be done. */
  isReady?: boolean;
  /**
   * Draws a failure after which confirming again is of no use, such as that somebody else was
   * faster; undefined for any other, which is shown as it is.
   */
  finalFailure?(error: unknown): ReactNode | undefined;
  /** Does it; the dialog closes when it is done and shows the error when it fails. */
  onConfirm(reason: string | undefined): Promise<unknown>;
}

/** Asks before something that cannot be taken back. @public */
export function ConfirmAction(props: ConfirmActionProps) {
  const t = useText();
  const { isOpen, onOpenChange, onConfirm, count = 0, isReady = true } = props;
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  useEffect(() => {
    if (isOpen) {
      setReason('');
      setTyped('');
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

  const isTyped = isCountTyped(count, typed);
  const failure = error === undefined ? undefined : props.finalFailure?.(error);

  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} width={480}>
      <DialogHeader>{props.title}</DialogHeader>
      <DialogBody>
        <div className={styles.body}>
          <Text as="p" variant="body-medium">
            {props.consequence}
          </Text>
          <Names names={props.names ?? []} />
          {props.children}
          {props.withReason && (
            <TextAreaField
              label={t('ui.confirm.reason')}
              rows={2}
              value={reason}
              maxLength={MAX_REASON_LENGTH}
              onChange={setReason}
            />
          )}
          <TypedCount count={count} value={typed} onChange={setTyped} />
          {failure}
          {error !== undefined && failure === undefined && (
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
          isDisabled={!isReady || !isTyped || failure !== undefined}
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
