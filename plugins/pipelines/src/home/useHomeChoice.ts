import { useStored } from '../ui/useStored';

/** Periods that the widget can count failures of. */
export const HOME_PERIODS = ['today', '-7d', '-30d'] as const;

/** One of {@link HOME_PERIODS}. */
export type HomePeriod = (typeof HOME_PERIODS)[number];

/** What a person has chosen to see; kept for them by the portal. */
export interface HomeChoice {
  period: HomePeriod;
  /** An owner; undefined is the person and all of their groups. */
  owner?: string;
}

const KEY = 'home.choice';
const DEFAULT_CHOICE: HomeChoice = { period: 'today' };

/** The choice, and how to change it. */
export function useHomeChoice(): [
  HomeChoice,
  (change: Partial<HomeChoice>) => void,
] {
  const [stored, store] = useStored(KEY);
  const choice = readChoice(stored);
  const change = (changes: Partial<HomeChoice>) => {
    const { period, owner = null } = { ...choice, ...changes };
    store({ period, owner });
  };
  return [choice, change];
}

function readChoice(value: unknown): HomeChoice {
  const { period, owner } = (value ?? {}) as Record<string, unknown>;
  return {
    period:
      HOME_PERIODS.find(known => known === period) ?? DEFAULT_CHOICE.period,
    owner: typeof owner === 'string' ? owner : undefined,
  };
}

/** When a period began, ISO 8601: today at midnight of the person's clock, others at a full hour. */
export function startOf(period: HomePeriod, nowMs: number): string {
  const day = new Date(nowMs);
  if (period === 'today') {
    day.setHours(0, 0, 0, 0);
  } else {
    day.setMinutes(0, 0, 0);
    day.setDate(day.getDate() + Number.parseInt(period, 10));
  }
  return day.toISOString();
}
