export { AsOf, type AsOfProps } from './AsOf';
export { ConfirmAction, type ConfirmActionProps } from './ConfirmAction';
export { DiffView, type DiffViewProps } from './DiffView';
export { DateTimeField, type DateTimeFieldProps } from './DateTimeField';
export { DurationText, type DurationTextProps } from './DurationText';
export {
  formatAge,
  formatBytes,
  formatClock,
  formatDuration,
  formatExactTime,
  formatNumber,
  formatShare,
} from './format';
export { JsonView, type JsonViewProps } from './JsonView';
export { KpiTile, type KpiChange, type KpiTileProps } from './KpiTile';
export { Named, type NamedProps } from './Named';
export {
  PanelNotice,
  type PanelNoticeKind,
  type PanelNoticeProps,
} from './PanelNotice';
export type { SkeletonShape } from './PanelSkeleton';
export {
  PanelState,
  type PanelQuery,
  type PanelStateProps,
} from './PanelState';
export { ProgressBar, type ProgressBarProps } from './ProgressBar';
export { RunStateBadge, type RunStateBadgeProps } from './RunStateBadge';
export { RunStrip, type RunStripProps } from './RunStrip';
export { StateChips, type StateChipsProps } from './StateChips';
export { StateIcon, type StateIconProps } from './StateIcon';
export {
  STATE_SIGNS,
  type SignedState,
  type StateSign,
  type Tone,
} from './stateSigns';
export { TimeText, type TimeTextProps } from './TimeText';
export { isCountTyped, TypedCount, type TypedCountProps } from './TypedCount';
