import { useState } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router-dom';
import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import { LIST_PARAMETER, withList } from '../listParameter';
import { firstTabOf, isRunTab, RunTab } from './runTab';

/** The local tab of the run page. */
export interface RunTabHandle {
  tab: RunTab;
  /** The address of a tab; `attempt` is the attempt whose log it shows. */
  hrefOf(tab: RunTab, attempt?: number): string;
  choose(tab: RunTab): void;
}

/**
 * The tab of the address, or the one where a run in this state opens.
 *
 * @remarks
 * Where it opened it stays: a run that ends does not take the log away from its reader.
 */
export function useRunTab(run: RunDetail): RunTabHandle {
  const [parameters] = useSearchParams();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const [first] = useState(() => firstTabOf(run.state));
  const wanted = parameters.get('tab');
  const hrefOf = (tab: RunTab, attempt?: number) =>
    pathname +
    withList(
      `?tab=${tab}${attempt ? `&attempt=${attempt}` : ''}`,
      parameters.get(LIST_PARAMETER),
    );
  return {
    tab: isRunTab(wanted) ? wanted : first,
    hrefOf,
    choose: tab => navigate(hrefOf(tab)),
  };
}
