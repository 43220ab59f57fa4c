/** A key, or keys that belong together, and the text that says what they do. */
type KeyLine = readonly [key: string, meaning: KeyText];

/** Names of texts below `keys` that say what a key does. */
type KeyText =
  | 'sheet'
  | 'live'
  | 'reload'
  | 'search'
  | 'filters'
  | 'columns'
  | 'pages'
  | 'rows'
  | 'openRow'
  | 'choose'
  | 'tabs'
  | 'retry'
  | 'runAgain'
  | 'pause'
  | 'cancel'
  | 'resolve'
  | 'ignore'
  | 'swap'
  | 'submit'
  | 'save';

/** Every key of these pages, by the page that has it. */
export const KEY_SECTIONS = [
  {
    page: 'everywhere',
    keys: [
      ['?', 'sheet'],
      ['.', 'live'],
      ['r', 'reload'],
    ],
  },
  {
    page: 'runs',
    keys: [
      ['/', 'search'],
      ['f', 'filters'],
      ['c', 'columns'],
      ['j  k', 'pages'],
      ['↓  ↑', 'rows'],
      ['Enter', 'openRow'],
      ['Space', 'choose'],
    ],
  },
  {
    page: 'run',
    keys: [
      ['[  ]', 'tabs'],
      ['Shift+R', 'retry'],
      ['Shift+E', 'runAgain'],
      ['Shift+P', 'pause'],
      ['Shift+C', 'cancel'],
    ],
  },
  { page: 'compare', keys: [['s', 'swap']] },
  { page: 'pipeline', keys: [['[  ]', 'tabs']] },
  {
    page: 'failure',
    keys: [
      ['Shift+R', 'resolve'],
      ['Shift+I', 'ignore'],
    ],
  },
  {
    page: 'forms',
    keys: [
      ['Ctrl+Enter', 'submit'],
      ['Ctrl+S', 'save'],
    ],
  },
] as const satisfies readonly { page: string; keys: readonly KeyLine[] }[];
