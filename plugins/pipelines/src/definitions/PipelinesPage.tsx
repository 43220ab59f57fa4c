import { useState } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Container, SearchField } from '@backstage/ui';
import {
  pipelineReadPermission,
  type Pipeline,
} from '@millrace/backstage-plugin-pipelines-common';
import {
  PanelNotice,
  PanelState,
  usePipelines,
} from '@millrace/backstage-plugin-pipelines-react';
import { pipelinesTranslationRef } from '../translation';
import { PipelinesList } from './components/PipelinesList';
import styles from './PipelinesPage.module.css';

const PAGE_SIZE = 100;

/** From this many pipelines on it is worth to search them. */
const SEARCH_FROM = 8;

/** The tab Pipelines: every pipeline that one may see, with its latest runs and `Run…`. */
export function PipelinesPage() {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const [text, setText] = useState('');
  const pipelines = usePipelines({ limit: PAGE_SIZE });
  const all = pipelines.data?.pages.flatMap(page => page.items);
  return (
    <Container className={styles.page}>
      {all && all.length >= SEARCH_FROM && (
        <SearchField
          aria-label={t('definitions.search')}
          placeholder={t('definitions.search')}
          className={styles.search}
          value={text}
          onChange={setText}
        />
      )}
      <PanelState
        query={{ ...pipelines, data: all }}
        skeleton="rows"
        permission={pipelineReadPermission.name}
        empty={items =>
          items.length === 0 ? (
            <PanelNotice kind="empty" title={t('definitions.emptyTitle')}>
              {t('definitions.empty')}
            </PanelNotice>
          ) : undefined
        }
      >
        {items => <Matching pipelines={items} text={text} />}
      </PanelState>
      {pipelines.hasNextPage && (
        <Button
          variant="secondary"
          isPending={pipelines.isFetchingNextPage}
          onPress={() => pipelines.fetchNextPage()}
        >
          {t('definitions.more')}
        </Button>
      )}
    </Container>
  );
}

function Matching(props: { pipelines: Pipeline[]; text: string }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const words = props.text.toLowerCase().trim();
  const matching = props.pipelines.filter(({ id, title, description, owner }) =>
    [id, title, description, owner].join(' ').toLowerCase().includes(words),
  );
  return matching.length === 0 ? (
    <PanelNotice kind="noMatch" title={t('definitions.noMatch')} />
  ) : (
    <PipelinesList pipelines={matching} />
  );
}
