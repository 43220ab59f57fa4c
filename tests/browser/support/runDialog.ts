import type { Locator, Page } from 'playwright-core';

/**
 * Opens the Run… dialog from the page's header and chooses a pipeline in it.
 *
 * @param title - of the pipeline
 */
export async function openRunDialog(
  page: Page,
  title: string,
): Promise<Locator> {
  await page.getByRole('button', { name: 'Run…', exact: true }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /Pipeline/ }).click();
  await page.getByRole('option', { name: title }).click();
  await dialog
    .getByRole('button', { name: 'Run', exact: true })
    .and(page.locator(':not([aria-disabled=true])')) // Until it is known who may.
    .waitFor();
  return dialog;
}
