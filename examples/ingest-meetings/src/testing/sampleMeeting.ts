import { join } from 'node:path';
import { PACKAGE_FOLDER } from './runIngest.ts';

/** Id of the group of {@link meeting}. */
export const GROUP = '5f0c1d7e-8a3b-4c92-9e61-2d4b7a90c3f1';

/** A year of real data; lies beside the project where the team works, and is not shipped. */
export const realFile = (year: number) =>
  join(PACKAGE_FOLDER, `../../../shared/data/meetings/${year}.json`);

/** A record as the source has it. */
export type Meeting = Record<string, unknown> & {
  meetingInfo: Record<string, unknown>;
};

/** A whole and valid record, with changes. */
export const meeting = (
  info: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
): Meeting => ({
  workgroup: 'River Circle',
  workgroup_id: GROUP,
  meetingInfo: {
    typeOfMeeting: 'Weekly',
    date: '2025-03-03',
    host: 'Maren',
    documenter: 'Idris',
    peoplePresent: 'Maren, Idris',
    purpose: 'Planting',
    ...info,
  },
  agendaItems: [
    {
      status: 'carry over',
      actionItems: [
        {
          text: 'Order cuttings',
          assignee: 'Tove, Idris',
          dueDate: '11 March 2025',
          status: 'todo',
        },
        { text: 'Walk the bank', status: 'done' },
      ],
      decisionItems: [
        { decision: 'Local willow only', effect: 'mayAffectOtherPeople' },
      ],
      discussionPoints: ['Who lends a boat', 'When'],
    },
  ],
  tags: { topicsCovered: 'willow, bank' },
  ...more,
});
