import { Container } from '@backstage/ui';
import { runReadPermission } from '@millrace/backstage-plugin-pipelines-common';
import {
  AsOf,
  PanelState,
  useQueue,
  useWorkers,
} from '@millrace/backstage-plugin-pipelines-react';
import { UnknownValuesNotice } from '../ui/UnknownValuesNotice';
import { PipelineCards } from './components/PipelineCards';
import { QueueActions } from './components/QueueActions';
import { QueueBanner } from './components/QueueBanner';
import { QueuedRuns } from './components/QueuedRuns';
import { QueueTiles } from './components/QueueTiles';
import { Throughput } from './components/Throughput';
import { Workers } from './components/Workers';
import styles from './QueuePage.module.css';
import { useQueueUrl } from './useQueueUrl';

/** The tab Queue: what waits and why, who works, and how to pause, clear and drain. */
export function QueuePage() {
  const url = useQueueUrl();
  const queue = useQueue();
  const workers = useWorkers();
  const showAll = () => url.choosePipelines([]);
  return (
    <Container className={styles.page}>
      <UnknownValuesNotice values={url.unknown} />
      <PanelState
        query={queue}
        skeleton="tiles"
        skeletonCount={4}
        permission={runReadPermission.name}
      >
        {data => (
          <div className={styles.page}>
            <div className={styles.head}>
              <AsOf at={data.asOf} />
              <div className={styles.actions}>
                <QueueActions queue={data} pipelines={url.pipelines} />
              </div>
            </div>
            <QueueBanner queue={data} workers={workers.data} />
            <QueueTiles queue={data} readAt={queue.dataUpdatedAt} />
            <PipelineCards
              pipelines={data.pipelines}
              chosen={url.pipelines}
              onChoose={url.choosePipelines}
            />
          </div>
        )}
      </PanelState>
      <QueuedRuns pipelines={url.pipelines} onShowAll={showAll} />
      <Workers
        query={workers}
        chosen={url.worker}
        onChoose={url.chooseWorker}
      />
      <Throughput
        range={url.range}
        pipelines={url.pipelines}
        onChooseRange={url.chooseRange}
      />
    </Container>
  );
}
