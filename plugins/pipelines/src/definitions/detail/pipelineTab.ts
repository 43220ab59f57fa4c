import { useLocation, useNavigate, useSearchParams } from 'react-router-dom';

/** The parts of the page of a pipeline that are drawn there; its runs are in the runs list. */
export const PIPELINE_TABS = [
  'overview',
  'grid',
  'calendar',
  'trends',
  'schedule',
  'settings',
] as const;

/** One of {@link PIPELINE_TABS}. */
export type PipelineTab = (typeof PIPELINE_TABS)[number];

/** The local tab of the page of a pipeline. */
export interface PipelineTabHandle {
  tab: PipelineTab;
  hrefOf(tab: PipelineTab): string;
  choose(tab: PipelineTab): void;
}

/** The tab of the address, by default the overview. */
export function usePipelineTab(): PipelineTabHandle {
  const [parameters] = useSearchParams();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const wanted = parameters.get('tab');
  const hrefOf = (tab: PipelineTab) =>
    tab === 'overview' ? pathname : `${pathname}?tab=${tab}`;
  return {
    tab: PIPELINE_TABS.find(tab => tab === wanted) ?? 'overview',
    hrefOf,
    choose: tab => navigate(hrefOf(tab)),
  };
}

/** The tab before or after this one, round the ends. */
export function neighbourTab(tab: PipelineTab, offset: 1 | -1): PipelineTab {
  const index = PIPELINE_TABS.indexOf(tab) + offset;
  return PIPELINE_TABS[(index + PIPELINE_TABS.length) % PIPELINE_TABS.length];
}
