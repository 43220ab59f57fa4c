const HAIRLINE = 'color-mix(in srgb, var(--bui-fg-primary) 15%, transparent)';

const TICK = { fill: 'var(--bui-fg-secondary)', fontSize: 11 };

/** Lines behind every chart. @internal */
export const GRID_LOOK = {
  vertical: false,
  stroke: HAIRLINE,
  strokeDasharray: '2 3',
} as const;

/** The axis of time of every chart; labels that have no room are left out. @internal */
export const TIME_AXIS_LOOK = {
  dataKey: 'label',
  tick: TICK,
  tickLine: false,
  axisLine: { stroke: HAIRLINE },
  interval: 'equidistantPreserveStart',
  minTickGap: 28,
} as const;

/** The axis of values of every chart. @internal */
export const VALUE_AXIS_LOOK = {
  tick: TICK,
  tickLine: false,
  axisLine: false,
} as const;
