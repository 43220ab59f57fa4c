import { useMemo, useState, type ReactNode } from 'react';
import {
  Card,
  CardBody,
  CardHeader,
  Text,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import type { RunOutput } from '@millrace/backstage-plugin-pipelines-common';
import { useText } from '../translation/useText';
import { JsonView } from '../ui/JsonView';
import { TimeText } from '../ui/TimeText';
import { AnalysisView } from './outputs/AnalysisView';
import { documentForm } from './outputs/documentForm';
import { DocumentView } from './outputs/DocumentView';
import { PublishingView } from './outputs/PublishingView';
import { readAnalysis } from './outputs/readAnalysis';
import { readPublishing } from './outputs/readPublishing';
import styles from './OutputCard.module.css';

/** Props of {@link OutputCard}. @public */
export interface OutputCardProps {
  output: RunOutput;
  /** A view made for this kind of document; by default one that fits its shape. */
  children?: ReactNode;
}

/** One JSON document that a run made: for people, and as it is. @public */
export function OutputCard({ output, children }: OutputCardProps) {
  const t = useText();
  const { name, json } = output;
  const readable = useReadable(output, children);
  const [isJson, setJson] = useState(false);
  return (
    <Card>
      <CardHeader>
        <div className={styles.header}>
          <Text as="h3" variant="body-large" weight="bold">
            {name}
          </Text>
          <Text variant="body-small" color="secondary">
            <TimeText at={output.createdAt} />
          </Text>
          {readable && (
            <ToggleButtonGroup
              className={styles.views}
              aria-label={t('runs.output.view', { name })}
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[isJson ? 'json' : 'readable']}
              onSelectionChange={keys => setJson(keys.has('json'))}
            >
              <ToggleButton id="readable" size="small">
                {t('runs.output.readable')}
              </ToggleButton>
              <ToggleButton id="json" size="small">
                {t('runs.output.json')}
              </ToggleButton>
            </ToggleButtonGroup>
          )}
        </div>
      </CardHeader>
      <CardBody>
        {readable && !isJson ? (
          <div className={styles.body}>{readable}</div>
        ) : (
          <JsonView value={json} label={name} />
        )}
      </CardBody>
    </Card>
  );
}

/** The view for people; undefined where there is none but the tree. */
function useReadable(
  { name, json }: RunOutput,
  children: ReactNode,
): ReactNode | undefined {
  const known = useMemo(() => {
    const analysis = name === 'analysis' ? readAnalysis(json) : undefined;
    const targets = name === 'publishing' ? readPublishing(json) : undefined;
    return { analysis, targets, isTree: documentForm(json).kind === 'tree' };
  }, [name, json]);
  if (children) {
    return children;
  }
  if (known.analysis) {
    return <AnalysisView analysis={known.analysis} />;
  }
  if (known.targets) {
    return <PublishingView targets={known.targets} />;
  }
  return known.isTree ? undefined : <DocumentView json={json} label={name} />;
}
