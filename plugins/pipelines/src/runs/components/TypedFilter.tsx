import { useEffect, useState } from 'react';
import { TextField } from '@backstage/ui';

/** What {@link TypedFilter} shows and does. */
export interface TypedFilterProps {
  label: string;
  hint: string;
  /** What it begins with, and goes back to. */
  initial?: string;
  /** Takes what was typed; answers what is wrong with it. */
  onEnter(text: string): string | undefined;
}

/** A condition that is typed, and set with Enter or by leaving the field. */
export function TypedFilter(props: TypedFilterProps) {
  const { label, hint, initial = '', onEnter } = props;
  const [text, setText] = useState(initial);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    setText(initial);
    setProblem(undefined);
  }, [initial]);
  const enter = () => {
    if (text.trim() === initial) {
      setProblem(undefined);
      return;
    }
    const wrong = onEnter(text.trim());
    setProblem(wrong);
    if (wrong === undefined) {
      setText(initial);
    }
  };
  return (
    <div>
      <TextField
        size="small"
        label={label}
        description={problem ?? hint}
        isInvalid={problem !== undefined}
        value={text}
        onChange={setText}
        onBlur={enter}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            enter();
          }
        }}
      />
    </div>
  );
}
