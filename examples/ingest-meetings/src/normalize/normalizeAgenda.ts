import { FieldPath, type Findings } from './Findings.ts';
import {
  type ActionItem,
  type AgendaItem,
  type DecisionItem,
  type DiscussionPoint,
} from './NormalizedMeeting.ts';
import { parseDate } from './parseDate.ts';
import {
  describe,
  isJsonObject,
  readList,
  readNames,
  readObject,
  readTexts,
} from './readParts.ts';
import {
  actionItemSchema,
  agendaItemSchema,
  decisionItemSchema,
} from './schema.ts';
import { normalizeEffect, normalizeStatus } from './vocabulary.ts';

const POINT_KINDS = [
  ['discussionPoints', 'discussion_point'],
  ['meetingTopics', 'meeting_topic'],
  ['issues', 'issue'],
  ['learningPoints', 'learning_point'],
  ['leaderboard', 'leaderboard'],
] as const;

/** Reads `agendaItems`: what is not an object is warned of and left out, the rest stays. */
export function normalizeAgenda(
  value: unknown,
  path: FieldPath,
  findings: Findings,
): AgendaItem[] {
  return readObjects(value, path, findings).map(item =>
    normalizeAgendaItem(item.value, item.path, findings),
  );
}

function normalizeAgendaItem(
  raw: unknown,
  path: FieldPath,
  findings: Findings,
): AgendaItem {
  const item = readObject(agendaItemSchema, raw, path, findings);
  return {
    title: item.agenda,
    ...readStatus(item.status, path, findings),
    narrative: item.narrative,
    discussion: item.discussion,
    gameRules: item.gameRules,
    townHallSummary: item.townHallSummary,
    townHallUpdates: item.townHallUpdates,
    actionItems: readObjects(
      item.actionItems,
      path.key('actionItems'),
      findings,
    ).map(action => normalizeAction(action.value, action.path, findings)),
    decisionItems: readObjects(
      item.decisionItems,
      path.key('decisionItems'),
      findings,
    ).map(decision =>
      normalizeDecision(decision.value, decision.path, findings),
    ),
    discussionPoints: POINT_KINDS.flatMap(([key, kind]): DiscussionPoint[] =>
      readTexts(item[key], path.key(key), findings).map(text => ({
        kind,
        text,
      })),
    ),
    raw,
  };
}

function normalizeAction(
  raw: unknown,
  path: FieldPath,
  findings: Findings,
): ActionItem {
  const item = readObject(actionItemSchema, raw, path, findings);
  if (!item.text) {
    findings.warn('action-without-text', path, 'An action item has no text');
  }
  const assignees = readNames(item.assignee, path.key('assignee'), findings);
  return {
    text: item.text,
    assignee: assignees.length > 0 ? assignees.join(', ') : undefined,
    assignees,
    ...readDueDate(item.dueDate, path.key('dueDate'), findings),
    ...readStatus(item.status, path, findings),
  };
}

function normalizeDecision(
  raw: unknown,
  path: FieldPath,
  findings: Findings,
): DecisionItem {
  const item = readObject(decisionItemSchema, raw, path, findings);
  if (!item.decision) {
    findings.warn('decision-without-text', path, 'A decision has no text');
  }
  const effect = item.effect ? normalizeEffect(item.effect) : undefined;
  if (item.effect && !effect) {
    findings.lost(path.key('effect'));
    findings.warn(
      'unknown-effect',
      path.key('effect'),
      `${describe(item.effect)} is not an effect that is known`,
    );
  }
  return {
    decision: item.decision,
    rationale: item.rationale,
    opposing: item.opposing,
    effect,
    effectRaw: item.effect,
  };
}

function readDueDate(
  written: string | undefined,
  path: FieldPath,
  findings: Findings,
): Pick<ActionItem, 'dueDate' | 'dueDateRaw'> {
  if (!written) {
    return {};
  }
  const parsed = parseDate(written);
  if (parsed.kind === 'date') {
    return { dueDate: parsed.date, dueDateRaw: written };
  }
  findings.lost(path);
  findings.warn(
    parsed.kind === 'ambiguous' ? 'ambiguous-date' : 'unparsable-date',
    path,
    parsed.kind === 'ambiguous'
      ? `${describe(written)} may be day or month first`
      : `${describe(written)} is not a date`,
  );
  return { dueDateRaw: written };
}

function readStatus(
  written: string | undefined,
  parent: FieldPath,
  findings: Findings,
): { status?: string; statusRaw?: string } {
  if (!written) {
    return {};
  }
  const status = normalizeStatus(written);
  if (!status) {
    const path = parent.key('status');
    findings.lost(path);
    findings.warn(
      'unknown-status',
      path,
      `${describe(written)} is not a status that is known`,
    );
  }
  return { status, statusRaw: written };
}

function readObjects(value: unknown, path: FieldPath, findings: Findings) {
  return readList(value, path, findings).filter(item => {
    if (isJsonObject(item.value)) {
      return true;
    }
    findings.warn(
      'wrong-type',
      item.path,
      `Expected an object, found ${describe(item.value)}; raw has it`,
    );
    return false;
  });
}
