import type { RunDetail } from '@millrace/backstage-plugin-pipelines-common';
import type { RunStreamHandle } from '@millrace/backstage-plugin-pipelines-react';
import { ArtifactsTab } from './ArtifactsTab';
import { AttemptsTab } from './AttemptsTab';
import { EventsTab } from './EventsTab';
import { LogTab } from './LogTab';
import { OutputsTab } from './OutputsTab';
import { ParametersTab } from './ParametersTab';
import type { RunTab } from './runTab';
import { SummaryTab } from './SummaryTab';

/** What {@link RunTabContent} shows. */
export interface RunTabContentProps {
  run: RunDetail;
  tab: RunTab;
  stream: RunStreamHandle;
  hrefOf(tab: RunTab, attempt?: number): string;
}

/** The chosen part of the run page. */
export function RunTabContent(props: RunTabContentProps) {
  const { run, tab, stream, hrefOf } = props;
  switch (tab) {
    case 'log':
      return <LogTab run={run} stream={stream} />;
    case 'outputs':
      return <OutputsTab run={run} />;
    case 'artifacts':
      return <ArtifactsTab run={run} />;
    case 'parameters':
      return <ParametersTab run={run} />;
    case 'events':
      return <EventsTab run={run} />;
    case 'attempts':
      return <AttemptsTab run={run} hrefOf={hrefOf} />;
    default:
      return <SummaryTab run={run} />;
  }
}
