import type { Locator, Page } from 'playwright-core';

const TOOLTIP_MS = 2_000;
const ATTEMPTS = 8;

/**
 * Waits until a control shows a tooltip with this text, coming back to it as a person would:
 * a control that is reached before its answer is there shows none for that visit.
 */
export async function readTooltip(
  page: Page,
  control: Locator,
  text: string,
): Promise<void> {
  const tooltip = page.getByRole('tooltip').getByText(text);
  for (let attempt = 1; ; attempt++) {
    await page.mouse.move(0, 0);
    await control.hover({ force: true });
    try {
      await tooltip.waitFor({ timeout: TOOLTIP_MS });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) {
        throw error;
      }
    }
  }
}
