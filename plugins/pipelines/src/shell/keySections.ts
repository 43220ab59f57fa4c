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
  | 'neighbours'
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
  | 'save'
  | 'logFind'
  | 'logErrors'
  | 'logLevels'
  | 'logWrap'
  | 'logTimes'
  | 'logFull'
  | 'logDownload'
  | 'logStart'
  | 'logFollow'
  | 'timelineMove'
  | 'timelineZoom'
  | 'timelineNow'
  | 'timelineRows'
  | 'gridMove'
  | 'gridEnds'
  | 'calendarMove'
  | 'calendarPages';

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
      ['j  k', 'neighbours'],
      ['Shift+R', 'retry'],
      ['Shift+E', 'runAgain'],
      ['Shift+P', 'pause'],
      ['Shift+C', 'cancel'],
    ],
  },
  {
    page: 'log',
    keys: [
      ['/', 'logFind'],
      ['n  p', 'logErrors'],
      ['1  2  3  4', 'logLevels'],
      ['w', 'logWrap'],
      ['t', 'logTimes'],
      ['f', 'logFull'],
      ['d', 'logDownload'],
      ['g', 'logStart'],
      ['G  .', 'logFollow'],
    ],
  },
  {
    page: 'timeline',
    keys: [
      ['←  →', 'timelineMove'],
      ['+  -', 'timelineZoom'],
      ['0', 'timelineNow'],
      ['↓  ↑', 'timelineRows'],
    ],
  },
  {
    page: 'grid',
    keys: [
      ['←  →  ↓  ↑', 'gridMove'],
      ['Home  End', 'gridEnds'],
    ],
  },
  {
    page: 'calendar',
    keys: [
      ['←  →  ↓  ↑', 'calendarMove'],
      ['PageUp  PageDown', 'calendarPages'],
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
