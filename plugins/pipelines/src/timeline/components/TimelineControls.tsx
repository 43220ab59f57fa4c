import { useMemo } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  ButtonIcon,
  Select,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import { RUN_STATES } from '@millrace/backstage-plugin-pipelines-common';
import {
  pipelinesReactTranslationRef,
  usePipelines,
} from '@millrace/backstage-plugin-pipelines-react';
import {
  RiArrowLeftSLine,
  RiArrowRightSLine,
  RiZoomInLine,
  RiZoomOutLine,
} from '@remixicon/react';
import { usePipelineOptions } from '../../runs/components/usePipelineOptions';
import { pipelinesTranslationRef } from '../../translation';
import styles from '../TimelinePage.module.css';
import { EXECUTED_STATES } from '../runsInView';
import { TIMELINE_RANGES, zoomed } from '../timelineWindow';
import type { TimelineMoves } from '../useTimelineMoves';
import { TIMELINE_VIEWS, type TimelineUrl } from '../useTimelineUrl';

const MAX_PIPELINES = 200;

/** Moves and filters the timeline. */
export function TimelineControls(props: {
  url: TimelineUrl;
  moves: TimelineMoves;
}) {
  return (
    <div className={styles.controls}>
      <Moves {...props} />
      <Filters {...props} />
    </div>
  );
}

function Moves({ url, moves }: { url: TimelineUrl; moves: TimelineMoves }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  return (
    <div className={styles.group}>
      <ToggleButtonGroup
        aria-label={t('timeline.range')}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[url.range]}
        onSelectionChange={keys => {
          const range = TIMELINE_RANGES.find(name => keys.has(name));
          if (range) {
            moves.chooseRange(range);
          }
        }}
      >
        {TIMELINE_RANGES.map(range => (
          <ToggleButton key={range} id={range}>
            {t(`timeline.ranges.${range}` as const)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <span className={styles.buttons}>
        <ButtonIcon
          variant="secondary"
          icon={<RiArrowLeftSLine />}
          aria-label={t('timeline.earlier')}
          onPress={() => moves.step(-1)}
        />
        <Button
          variant="secondary"
          isDisabled={url.atMs === undefined}
          onPress={moves.toNow}
        >
          {t('timeline.now')}
        </Button>
        <ButtonIcon
          variant="secondary"
          icon={<RiArrowRightSLine />}
          aria-label={t('timeline.later')}
          onPress={() => moves.step(1)}
        />
        <ButtonIcon
          variant="secondary"
          icon={<RiZoomInLine />}
          aria-label={t('timeline.zoomIn')}
          isDisabled={zoomed(url.range, 'in') === undefined}
          onPress={() => moves.zoom('in')}
        />
        <ButtonIcon
          variant="secondary"
          icon={<RiZoomOutLine />}
          aria-label={t('timeline.zoomOut')}
          isDisabled={zoomed(url.range, 'out') === undefined}
          onPress={() => moves.zoom('out')}
        />
      </span>
      <ToggleButtonGroup
        aria-label={t('timeline.view')}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[url.form]}
        onSelectionChange={keys =>
          url.change({ form: TIMELINE_VIEWS.find(name => keys.has(name)) })
        }
      >
        {TIMELINE_VIEWS.map(form => (
          <ToggleButton key={form} id={form}>
            {t(`timeline.views.${form}` as const)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  );
}

function Filters({ url }: { url: TimelineUrl }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const { t: shared } = useTranslationRef(pipelinesReactTranslationRef);
  const { pipelines, owners, states } = url;
  const isFiltered = pipelines.length + owners.length + states.length > 0;
  return (
    <div className={styles.group}>
      <Select
        size="small"
        className={styles.filter}
        aria-label={t('timeline.owner')}
        placeholder={t('timeline.allOwners')}
        selectionMode="multiple"
        search
        options={useOwnerOptions(owners)}
        value={owners}
        onChange={keys => url.change({ owners: keys.map(String) })}
      />
      <Select
        size="small"
        className={styles.filter}
        aria-label={t('runs.filterPipeline')}
        placeholder={t('runs.allPipelines')}
        selectionMode="multiple"
        search
        options={usePipelineOptions(pipelines)}
        value={pipelines}
        onChange={keys => url.change({ pipelines: keys.map(String) })}
      />
      <Select
        size="small"
        className={styles.filter}
        aria-label={t('timeline.state')}
        placeholder={t('timeline.allStates')}
        selectionMode="multiple"
        options={EXECUTED_STATES.map(state => ({
          id: state,
          label: shared(`ui.state.${state}` as const),
        }))}
        value={states}
        onChange={keys =>
          url.change({
            states: RUN_STATES.filter(state => keys.includes(state)),
          })
        }
      />
      {isFiltered && (
        <Button
          size="small"
          variant="tertiary"
          onPress={() => url.change({ pipelines: [], owners: [], states: [] })}
        >
          {t('runs.clearFilters')}
        </Button>
      )}
    </div>
  );
}

function useOwnerOptions(chosen: readonly string[]) {
  const pages = usePipelines({ limit: MAX_PIPELINES }).data?.pages;
  return useMemo(() => {
    const known = (pages ?? []).flatMap(({ items }) =>
      items.flatMap(({ owner }) => (owner ? [owner] : [])),
    );
    return [...new Set([...known, ...chosen])]
      .sort()
      .map(owner => ({ id: owner, label: owner }));
  }, [pages, chosen]);
}
