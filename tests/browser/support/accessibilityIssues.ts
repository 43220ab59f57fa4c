import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What keeps somebody from using a page; the rest is worth knowing and no defect. */
const SERIOUS = ['serious', 'critical'];

/** What the portal draws itself, around what is ours. */
const NOT_OURS = ['[role=tablist] a[role=tab]'];

const MAX_HTML_LENGTH = 300;

/** An element of a page that breaks a rule of axe. */
export interface AccessibilityIssue {
  /** The id of the rule, such as `color-contrast`. */
  rule: string;
  /** The beginning of the element. */
  html: string;
  /** What is wrong with it, in sentences. */
  why: string;
}

/**
 * Finds what is seriously or critically wrong with the page that is shown.
 *
 * @returns one for each element and rule; empty when there is nothing to mend
 */
export async function accessibilityIssues(
  page: Page,
): Promise<AccessibilityIssue[]> {
  // Evaluated, because the portal's policy lets no script in from elsewhere.
  await page.evaluate(axe.source);
  return await page.evaluate(
    async ([exclude, impacts, maxLength]) => {
      const { axe: inPage } = window as unknown as { axe: typeof axe };
      const { violations } = await inPage.run(
        { include: ['body'], exclude: [...exclude] },
        { resultTypes: ['violations'] },
      );
      return violations
        .filter(({ impact }) => impacts.includes(impact ?? ''))
        .flatMap(({ id, nodes }) =>
          nodes.map(({ html, failureSummary }) => ({
            rule: id,
            html: html.slice(0, maxLength),
            why: failureSummary ?? '',
          })),
        );
    },
    [NOT_OURS, SERIOUS, MAX_HTML_LENGTH] as const,
  );
}
