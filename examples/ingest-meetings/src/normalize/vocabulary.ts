const STATUSES = new Map([
  ['todo', 'todo'],
  ['to do', 'todo'],
  ['in progress', 'in_progress'],
  ['done', 'done'],
  ['cancelled', 'cancelled'],
  ['canceled', 'cancelled'],
  ['carry over', 'carry_over'],
  ['resolved', 'resolved'],
]);

const EFFECTS = new Map([
  ['mayaffectotherpeople', 'may_affect_other_people'],
  ['affectsonlythisworkgroup', 'affects_only_this_workgroup'],
]);

/** The status of an agenda or action item, or undefined when it is not one that is known. */
export function normalizeStatus(written: string): string | undefined {
  return STATUSES.get(written.toLowerCase().replace(/[\s_-]+/g, ' '));
}

/** Whom a decision touches, or undefined when it says something else. */
export function normalizeEffect(written: string): string | undefined {
  return EFFECTS.get(written.toLowerCase().replace(/[\s_-]+/g, ''));
}
