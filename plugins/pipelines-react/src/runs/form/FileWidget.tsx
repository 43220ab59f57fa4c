import { useRef, useState, type ChangeEvent } from 'react';
import { Button, ButtonIcon, FieldLabel } from '@backstage/ui';
import { RiDeleteBinLine, RiFileLine, RiUpload2Line } from '@remixicon/react';
import { formatBytes } from '../../ui/format';
import { dataUrlOf, MAX_FILE_BYTES, readDataUrl } from './dataUrl';
import {
  problemIdOf,
  showsProblemsOf,
  useFieldName,
  type ParamsWidgetProps,
} from './formContext';
import styles from './ParamsForm.module.css';

/** One file, or several of a list, that go into the parameters themselves as data URLs. @internal */
export function FileWidget(props: ParamsWidgetProps) {
  const { id, schema, required, multiple, value, formContext } = props;
  const { name } = useFieldName(props);
  const t = formContext?.t;
  const input = useRef<HTMLInputElement>(null);
  const [refusals, setRefusals] = useState<string[]>([]);
  const isDisabled = props.disabled || props.readonly;
  const values: string[] = [value ?? []].flat();
  const isInvalid = Boolean(
    props.rawErrors?.length && showsProblemsOf(formContext, id),
  );
  const change = (next: string[]) =>
    props.onChange(multiple ? next : next[next.length - 1]);
  const add = async (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    // The same file can be chosen again after it was removed.
    event.target.value = '';
    const read = await Promise.all(files.map(file => readFile(file, t)));
    setRefusals(read.flatMap(({ refusal }) => refusal ?? []));
    const added = read.flatMap(({ url }) => url ?? []);
    if (added.length > 0) {
      change(multiple ? [...values, ...added] : added);
    }
    props.onBlur(id, value);
  };
  const limitId = `${id}__limit`;
  return (
    <div className={styles.file}>
      <FieldLabel
        label={name}
        description={schema.description}
        secondaryLabel={required ? t?.('runs.form.required') : null}
        htmlFor={id}
      />
      <div className={styles.filePicker}>
        {/* It lies over the button, so that it has the keys, the drop and the words of the browser. */}
        <input
          ref={input}
          id={id}
          type="file"
          className={styles.fileInput}
          multiple={multiple}
          accept={schema.contentMediaType}
          disabled={isDisabled}
          aria-label={name}
          aria-invalid={isInvalid}
          aria-describedby={[limitId, isInvalid && problemIdOf(id)]
            .filter(Boolean)
            .join(' ')}
          onChange={add}
        />
        <span aria-hidden="true" className={styles.fileButton}>
          <Button
            variant="secondary"
            iconStart={<RiUpload2Line />}
            isDisabled={isDisabled}
            excludeFromTabOrder
          >
            {multiple
              ? t?.('runs.form.fileChooseSome')
              : t?.('runs.form.fileChoose')}
          </Button>
        </span>
      </div>
      <p id={limitId} className={styles.description}>
        {t?.('runs.form.fileLimit')}
      </p>
      {refusals.map(refusal => (
        <p key={refusal} className={styles.problem} role="alert">
          {refusal}
        </p>
      ))}
      {values.map((url, index) => (
        <ChosenFile
          key={`${index}:${url.length}`}
          url={url}
          removeLabel={fileName =>
            t?.('runs.form.fileRemove', { name: fileName }) ?? ''
          }
          unnamed={t?.('runs.form.fileUnnamed') ?? ''}
          isDisabled={isDisabled}
          onRemove={() => {
            change(values.filter((_, other) => other !== index));
            input.current?.focus();
          }}
        />
      ))}
    </div>
  );
}

async function readFile(
  file: File,
  t: NonNullable<ParamsWidgetProps['formContext']>['t'] | undefined,
): Promise<{ url?: string; refusal?: string }> {
  const { name, size } = file;
  if (size > MAX_FILE_BYTES) {
    return {
      refusal: t?.('runs.form.fileTooLarge', { name, size: formatBytes(size) }),
    };
  }
  try {
    return { url: await dataUrlOf(file) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { refusal: t?.('runs.form.fileUnreadable', { name, message }) };
  }
}

function ChosenFile(props: {
  url: string;
  unnamed: string;
  removeLabel(name: string): string;
  isDisabled: boolean | undefined;
  onRemove(): void;
}) {
  const facts = readDataUrl(props.url);
  const name = facts?.name ?? props.unnamed;
  return (
    <p className={styles.chosenFile}>
      <RiFileLine size={16} aria-hidden="true" />
      <span className={styles.fileName}>{name}</span>
      {facts && (
        <span className={styles.fileSize}>{formatBytes(facts.bytes)}</span>
      )}
      <ButtonIcon
        size="small"
        variant="tertiary"
        icon={<RiDeleteBinLine />}
        isDisabled={props.isDisabled}
        aria-label={props.removeLabel(name)}
        onPress={props.onRemove}
      />
    </p>
  );
}
