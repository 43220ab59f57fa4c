/** Marks a query that the live controller reads again: `rows` often, `counts` less often. @internal */
export const LIVE_ROWS = { live: 'rows' } as const;

/** {@inheritDoc LIVE_ROWS} @internal */
export const LIVE_COUNTS = { live: 'counts' } as const;

/** What kind of live query it is, if it is one. @internal */
export type LiveClass = 'rows' | 'counts';
