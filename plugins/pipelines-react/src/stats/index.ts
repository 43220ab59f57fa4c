export { OutcomeChart, type OutcomeChartProps } from './OutcomeChart';
export {
  statsHistoryOptions,
  statsKeys,
  statsOptions,
  type StatsHistoryFilter,
} from './statsQueries';
export { useStats, useStatsHistory } from './useStats';
