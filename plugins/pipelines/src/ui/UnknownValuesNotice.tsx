import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import type { UnknownValue } from '../runs/runsUrl';
import { pipelinesTranslationRef } from '../translation';

/** Names the values of the address that mean nothing to us; draws nothing when there are none. */
export function UnknownValuesNotice({
  values,
}: {
  values: readonly UnknownValue[];
}) {
  const { t } = useTranslationRef(pipelinesTranslationRef);
  if (values.length === 0) {
    return null;
  }
  const text = values.map(({ name, value }) => `${name}=${value}`).join(', ');
  return (
    <Alert
      status="warning"
      icon
      description={t('common.unknownValues', { values: text })}
    />
  );
}
