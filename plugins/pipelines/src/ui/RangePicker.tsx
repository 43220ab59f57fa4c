import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { pipelinesTranslationRef } from '../translation';
import { isTimeRange, TIME_RANGES, TimeRange } from './timeRange';

/** What {@link RangePicker} shows. */
export interface RangePickerProps {
  /** Undefined is all time, or a time that is none of the ranges. */
  value: TimeRange | undefined;
  /** Whether all time can be chosen. */
  hasAll?: boolean;
  /** Whether nothing is marked, because another time is chosen. */
  isOther?: boolean;
  onChange(value: TimeRange | undefined): void;
}

/** Chooses one of the usual ranges of time. */
export function RangePicker(props: RangePickerProps) {
  const { value, hasAll = false, isOther = false, onChange } = props;
  const { t } = useTranslationRef(pipelinesTranslationRef);
  const chosen = value ?? 'all';
  return (
    <ToggleButtonGroup
      aria-label={t('range.label')}
      selectionMode="single"
      disallowEmptySelection={!isOther}
      selectedKeys={isOther ? [] : [chosen]}
      onSelectionChange={keys => {
        const [key] = [...keys].map(String);
        onChange(key && isTimeRange(key) ? key : undefined);
      }}
    >
      {TIME_RANGES.map(range => (
        <ToggleButton key={range} id={range}>
          {t(`range.${range}` as const)}
        </ToggleButton>
      ))}
      {hasAll && <ToggleButton id="all">{t('range.all')}</ToggleButton>}
    </ToggleButtonGroup>
  );
}
