import { z } from 'zod';

const text = z.union([
  z.string(),
  z.number().transform(String),
  z.boolean().transform(String),
]);
const flag = z.union([
  z.boolean(),
  z.stringbool({ truthy: ['true', 'yes'], falsy: ['false', 'no', ''] }),
]);
const part = z.unknown();

/**
 * What a meeting summary may hold, over all the years. Lists and objects are
 * `part` here and are read with their own schema, so that one bad part never
 * refuses what surrounds it.
 */
export const recordSchema = z.object({
  workgroup: text,
  workgroup_id: text,
  meetingInfo: part,
  agendaItems: part,
  tags: part,
  type: text,
  noSummaryGiven: flag,
  noSummaryGivenText: text,
  canceledSummary: flag,
  canceledSummaryText: text,
});

/** `meetingInfo`; `name` is what 2024 called `typeOfMeeting`. */
export const meetingInfoSchema = z.object({
  typeOfMeeting: text,
  name: text,
  date: text,
  host: part,
  documenter: part,
  peoplePresent: part,
  purpose: text,
  townHallNumber: text,
  meetingVideoLink: text,
  mediaLink: text,
  otherMediaLink: text,
  miroBoardLink: text,
  transcriptLink: text,
  googleSlides: text,
  workingDocs: part,
  timestampedVideo: part,
});

/** An element of `workingDocs`. */
export const workingDocSchema = z.object({ title: text, link: text });

/** `timestampedVideo`. */
export const timestampedVideoSchema = z.object({
  url: text,
  intro: text,
  timestamps: text,
});

/** `tags`. */
export const tagsSchema = z.object({
  topicsCovered: part,
  emotions: part,
  gamesPlayed: part,
  other: part,
});

/** An element of `agendaItems`. */
export const agendaItemSchema = z.object({
  agenda: text,
  status: text,
  narrative: text,
  discussion: text,
  gameRules: text,
  townHallSummary: text,
  townHallUpdates: text,
  actionItems: part,
  decisionItems: part,
  discussionPoints: part,
  meetingTopics: part,
  issues: part,
  learningPoints: part,
  leaderboard: part,
});

/** An element of `actionItems`. */
export const actionItemSchema = z.object({
  text,
  assignee: part,
  dueDate: text,
  status: text,
});

/** An element of `decisionItems`. */
export const decisionItemSchema = z.object({
  decision: text,
  rationale: text,
  opposing: text,
  effect: text,
});
