import { useMemo, useState } from 'react';
import {
  RiArrowDownSLine,
  RiArrowRightSLine,
  RiCheckLine,
  RiClipboardLine,
} from '@remixicon/react';
import { Button } from '@backstage/ui';
import { useText } from '../translation/useText';
import { Named } from './Named';
import { READING_TAB_STOP } from './tabStops';
import { useCopy } from './useCopy';
import styles from './JsonView.module.css';

/** Children that one level shows before "n more"; each click shows as many again. */
const CHILDREN_STEP = 100;
/** Longest text of one value before it is cut; copying gives all of it. */
const MAX_VALUE_LENGTH = 2_000;

/** Props of {@link JsonView}. @public */
export interface JsonViewProps {
  value: unknown;
  /** What the document is, as the name of the tree for screen readers. */
  label: string;
  /** Levels that are open at first. */
  openLevels?: number;
  /** Height after which the tree scrolls, px. */
  maxHeight?: number;
}

/** A JSON document as a collapsible tree that can be copied; large ones stay quick. @public */
export function JsonView({
  value,
  label,
  openLevels = 2,
  maxHeight = 480,
}: JsonViewProps) {
  const t = useText();
  const text = useMemo(() => JSON.stringify(value, null, 2) ?? '', [value]);
  const [{ levels, generation }, setOpening] = useState({
    levels: openLevels,
    generation: 0,
  });
  const openAll = (next: number) =>
    setOpening({ levels: next, generation: generation + 1 });
  const { copied, failed, copy } = useCopy(text);
  return (
    <section className={styles.view} aria-label={label}>
      <div className={styles.tools}>
        {isBranch(value) && (
          <>
            <Button
              size="small"
              variant="tertiary"
              onPress={() => openAll(Infinity)}
            >
              {t('ui.json.expandAll')}
            </Button>
            <Button size="small" variant="tertiary" onPress={() => openAll(1)}>
              {t('ui.json.collapseAll')}
            </Button>
          </>
        )}
        <Button
          size="small"
          variant="tertiary"
          iconStart={copied ? <RiCheckLine /> : <RiClipboardLine />}
          onPress={copy}
        >
          {failed && t('ui.json.copyFailed')}
          {!failed && t(copied ? 'ui.json.copied' : 'ui.json.copy')}
        </Button>
      </div>
      <div
        className={styles.tree}
        style={{ maxHeight }}
        tabIndex={READING_TAB_STOP}
        role="group"
      >
        <Node key={generation} value={value} openLevels={levels} />
      </div>
    </section>
  );
}

interface NodeProps {
  name?: string;
  value: unknown;
  openLevels: number;
}

function Node(props: NodeProps) {
  return isBranch(props.value) ? (
    <Branch {...props} value={props.value} />
  ) : (
    <div className={styles.leaf}>
      <Name name={props.name} />
      <Leaf value={props.value} />
    </div>
  );
}

function Branch({ name, value, openLevels }: NodeProps & { value: object }) {
  const t = useText();
  const [open, setOpen] = useState(openLevels > 0);
  const [shown, setShown] = useState(CHILDREN_STEP);
  const array = Array.isArray(value);
  const entries = useMemo(() => Object.entries(value), [value]);
  const left = entries.length - shown;
  const count = t(array ? 'ui.json.items' : 'ui.json.keys', {
    count: entries.length,
  });
  const [start, end] = array ? ['[', ']'] : ['{', '}'];
  return (
    <div>
      <button
        type="button"
        className={styles.toggle}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Named
          name={t(open ? 'ui.json.collapse' : 'ui.json.expand', {
            name: name ?? count,
          })}
        >
          {open ? (
            <RiArrowDownSLine size={14} />
          ) : (
            <RiArrowRightSLine size={14} />
          )}
          <Name name={name} />
          <span className={styles.mark}>
            {open ? start : `${start}…${end}`}
          </span>
          <span className={styles.count}>{count}</span>
        </Named>
      </button>
      {open && (
        <div className={styles.children}>
          {entries.slice(0, shown).map(([key, child]) => (
            <Node
              key={key}
              name={key}
              value={child}
              openLevels={openLevels - 1}
            />
          ))}
          {left > 0 && (
            <button
              type="button"
              className={styles.more}
              onClick={() => setShown(shown + CHILDREN_STEP)}
            >
              {t('ui.json.more', { count: left })}
            </button>
          )}
        </div>
      )}
      {open && <div className={styles.end}>{end}</div>}
    </div>
  );
}

function Name({ name }: { name?: string }) {
  return name === undefined ? null : (
    <span className={styles.name}>{name}: </span>
  );
}

function Leaf({ value }: { value: unknown }) {
  const text = JSON.stringify(value) ?? String(value);
  const kind = value === null ? 'null' : typeof value;
  return (
    <span className={styles[kind]}>
      {text.length > MAX_VALUE_LENGTH
        ? `${text.slice(0, MAX_VALUE_LENGTH)}…`
        : text}
    </span>
  );
}

function isBranch(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && Object.keys(value).length > 0
  );
}
