import { LivePill } from '@millrace/backstage-plugin-pipelines-react';
import { usePageLive } from '../ui/pageLive';
import { useSingleKeys } from '../ui/useSingleKeys';

/** The live pill of the page's header; `.` switches live updates and `r` reads everything again. */
export function LiveHeaderAction() {
  const live = usePageLive();
  useSingleKeys({
    '.': () => (live.state.kind === 'paused' ? live.resume() : live.pause()),
    r: live.refresh,
  });
  return <LivePill live={live} />;
}
