import { useEffect, useState } from 'react';
import {
  discoveryApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import {
  Accordion,
  AccordionPanel,
  AccordionTrigger,
  Button,
} from '@backstage/ui';
import { RiClipboardLine } from '@remixicon/react';
import { pipelinesTranslationRef } from '../../translation';
import { READING_TAB_STOP } from '../../ui/tabStops';
import { useCopy } from '../../ui/useCopy';
import { Trigger } from './TriggersPanel';
import styles from './TriggersPanel.module.css';

/** A webhook: the URL that requests go to, and how they are signed. */
export function WebhookTrigger({ id }: { id: string }) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const copy = useCopy();
  const url = useTriggerUrl(id);
  const example = exampleOf(url);
  return (
    <Trigger title={t('pipeline.triggers.webhook', { id })}>
      <div className={styles.line}>
        <code className={styles.url}>POST {url}</code>
        <Button
          size="small"
          variant="tertiary"
          iconStart={<RiClipboardLine />}
          onPress={() => copy(url, t('pipeline.triggers.urlCopied'))}
        >
          {t('pipeline.triggers.copyUrl')}
        </Button>
      </div>
      <Accordion>
        <AccordionTrigger title={t('pipeline.triggers.sign')} />
        <AccordionPanel>
          <div className={styles.trigger}>
            <p className={styles.text}>{t('pipeline.triggers.signText')}</p>
            <p className={styles.text}>{t('pipeline.triggers.signExample')}</p>
            <pre className={styles.example} tabIndex={READING_TAB_STOP}>
              {example}
            </pre>
            <div>
              <Button
                size="small"
                variant="secondary"
                iconStart={<RiClipboardLine />}
                onPress={() =>
                  copy(example, t('pipeline.triggers.exampleCopied'))
                }
              >
                {t('pipeline.triggers.copyExample')}
              </Button>
            </div>
          </div>
        </AccordionPanel>
      </Accordion>
    </Trigger>
  );
}

/** The address of a trigger as others reach it. */
function useTriggerUrl(id: string): string {
  const discovery = useApi(discoveryApiRef);
  const [base, setBase] = useState('/api/pipelines');
  useEffect(() => {
    let isCurrent = true;
    discovery.getBaseUrl('pipelines').then(
      url => isCurrent && setBase(url),
      // Without it the path below this portal is still right.
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [discovery]);
  return new URL(
    `${base}/triggers/${encodeURIComponent(id)}`,
    window.location.origin,
  ).toString();
}

function exampleOf(url: string): string {
  return [
    `id=msg_$(uuidgen); at=$(date +%s); body='{}'`,
    `key=$(printf %s "\${SECRET#whsec_}" | base64 -d | xxd -p -c 256)`,
    `mac=$(printf %s "$id.$at.$body" |`,
    `  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)`,
    `curl -X POST '${url}' \\`,
    `  -H "webhook-id: $id" -H "webhook-timestamp: $at" \\`,
    `  -H "webhook-signature: v1,$mac" \\`,
    `  -H 'Content-Type: application/json' -d "$body"`,
  ].join('\n');
}
