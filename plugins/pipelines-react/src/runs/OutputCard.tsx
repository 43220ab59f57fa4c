import type { ReactNode } from 'react';
import { Card, CardBody, CardHeader, Text } from '@backstage/ui';
import type { RunOutput } from '@millrace/backstage-plugin-pipelines-common';
import { JsonView } from '../ui/JsonView';
import { TimeText } from '../ui/TimeText';
import styles from './OutputCard.module.css';

/** Props of {@link OutputCard}. @public */
export interface OutputCardProps {
  output: RunOutput;
  /** A view made for this kind of document; by default its JSON. */
  children?: ReactNode;
}

/** One JSON document that a run made: a table where it is flat, and its JSON. @public */
export function OutputCard({ output, children }: OutputCardProps) {
  const facts = flatFacts(output.json);
  return (
    <Card>
      <CardHeader>
        <div className={styles.header}>
          <Text as="h3" variant="body-large" weight="bold">
            {output.name}
          </Text>
          <Text variant="body-small" color="secondary">
            <TimeText at={output.createdAt} />
          </Text>
        </div>
      </CardHeader>
      <CardBody>
        {children ??
          (facts ? (
            <Facts facts={facts} />
          ) : (
            <JsonView value={output.json} label={output.name} />
          ))}
      </CardBody>
    </Card>
  );
}

function Facts({ facts }: { facts: Array<[string, string]> }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** More names than this are easier to read as a tree. */
const MAX_FACTS = 24;

/** The names and values of a flat object; undefined for anything else. @internal */
export function flatFacts(json: unknown): Array<[string, string]> | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return undefined;
  }
  const entries = Object.entries(json);
  const flat = entries.every(
    ([, value]) => value === null || typeof value !== 'object',
  );
  return flat && entries.length > 0 && entries.length <= MAX_FACTS
    ? entries.map(([name, value]) => [name, String(value)])
    : undefined;
}
