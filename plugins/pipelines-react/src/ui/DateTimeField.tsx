import {
  getLocalTimeZone,
  parseAbsoluteToLocal,
  toCalendarDateTime,
} from '@internationalized/date';
import { DatePicker } from '@backstage/ui';

/** Props of {@link DateTimeField}. @public */
export interface DateTimeFieldProps {
  label: string;
  description?: string;
  /** ISO 8601; undefined while nothing is chosen. */
  value: string | undefined;
  isDisabled?: boolean;
  isInvalid?: boolean;
  /** ISO 8601 in UTC; undefined when it was cleared. */
  onChange(value: string | undefined): void;
}

/** A time to the minute, chosen in the reader's time zone. @public */
export function DateTimeField(props: DateTimeFieldProps) {
  const { value, onChange, ...field } = props;
  return (
    <DatePicker
      {...field}
      granularity="minute"
      hourCycle={24}
      value={
        value === undefined
          ? null
          : toCalendarDateTime(parseAbsoluteToLocal(value))
      }
      onChange={date =>
        onChange(date?.toDate(getLocalTimeZone()).toISOString())
      }
    />
  );
}
