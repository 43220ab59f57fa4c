import { type Chapter } from './parseChapters.ts';

/** Goes up when the same record would be normalized differently; such records are then written anew. */
export const NORMALIZER_VERSION = 1;

/** A person at a meeting; one person may have several roles. */
export type MeetingPerson = {
  name: string;
  role: 'host' | 'documenter' | 'attendee';
};

/** A link of a meeting; without `url` when none could be found in what was written. */
export type MeetingLink = {
  kind: string;
  title?: string;
  url?: string;
  rawText?: string;
};

/** A tag of a meeting. */
export type MeetingTag = {
  kind: 'topic' | 'emotion' | 'game' | 'other';
  tag: string;
};

/** Something somebody is to do. */
export type ActionItem = {
  text?: string;
  assignee?: string;
  assignees: string[];
  dueDate?: string;
  dueDateRaw?: string;
  status?: string;
  statusRaw?: string;
};

/** Something that was decided. */
export type DecisionItem = {
  decision?: string;
  rationale?: string;
  opposing?: string;
  effect?: string;
  effectRaw?: string;
};

/** A short text of an agenda item. */
export type DiscussionPoint = { kind: string; text: string };

/** One topic of a meeting with what came of it. */
export type AgendaItem = {
  title?: string;
  status?: string;
  statusRaw?: string;
  narrative?: string;
  discussion?: string;
  gameRules?: string;
  townHallSummary?: string;
  townHallUpdates?: string;
  actionItems: ActionItem[];
  decisionItems: DecisionItem[];
  discussionPoints: DiscussionPoint[];
  /** The element as it was read. */
  raw: unknown;
};

/** What a record says, in the form in which it is stored. */
export type NormalizedMeeting = {
  workgroup?: string;
  workgroupId?: string;
  date: string;
  type?: string;
  townHallNumber?: string;
  template?: string;
  host?: string;
  documenter?: string;
  purpose?: string;
  people: MeetingPerson[];
  links: MeetingLink[];
  timestampedVideo?: { url?: string; intro?: string; timestamps?: string };
  chapters: Chapter[];
  tags: MeetingTag[];
  canceled: boolean;
  canceledText?: string;
  noSummaryGiven: boolean;
  noSummaryText?: string;
  agendaItems: AgendaItem[];
  missingFields: string[];
};
