import { RunButton } from '../submit/RunButton';
import { RunDialogOfUrl } from '../submit/RunDialogOfUrl';
import { KeySheetButton } from './KeySheetButton';

/** `Run…` and the key sheet in the page's header, and the dialog that the address can open. */
export function RunHeaderAction({ entityRef }: { entityRef?: string }) {
  return (
    <>
      <KeySheetButton />
      <RunButton variant="primary" />
      <RunDialogOfUrl entityRef={entityRef} />
    </>
  );
}
