export { DurationChart, type DurationChartProps } from './DurationChart';
export { OutcomeChart, type OutcomeChartProps } from './OutcomeChart';
export {
  SuccessRateChart,
  type SuccessRateChartProps,
} from './SuccessRateChart';
export { StateBar, type StateBarProps } from './StateBar';
export {
  statsByPipelineOptions,
  statsHistoryOptions,
  statsKeys,
  statsOptions,
  type StatsHistoryFilter,
} from './statsQueries';
export { useStats, useStatsByPipeline, useStatsHistory } from './useStats';
