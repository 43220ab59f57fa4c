import type { Locator, Page } from 'playwright-core';

const OWNER = { owner: 'group:default/data-platform', engine: 'process' };

const shell = (script: string) => ({
  ...OWNER,
  command: ['bash', '-c', script],
});

/** The runner protocol in a shell: `step <name> <status>`. */
const SAY_STEP = `step() { echo "::millrace::{\\"type\\":\\"step\\",\\"name\\":\\"$1\\",\\"status\\":\\"$2\\"}"; }`;

/** Writes the value of a parameter that is a text. */
const readParameter = (name: string) =>
  `sed 's/.*"${name}":"\\([^"]*\\)".*/\\1/' "$MILLRACE_PARAMS_FILE"`;

/** Says that it is half done, and then costs nothing until it is killed. */
export const IDLER = {
  ...shell(
    `${SAY_STEP}
     step probe running; step probe succeeded; step encode running
     echo '::millrace::{"type":"progress","progress":0.5,"message":"half of it"}'
     echo 'waiting for nothing'; while :; do sleep 1; done`,
  ),
  title: 'Idler',
  owner: 'group:default/media',
  stopGrace: { seconds: 1 },
};

/** Ticks until it is killed: it does not listen to a polite request to end. */
export const TICKER = {
  ...shell(
    `trap '' TERM; n=0; while :; do n=$((n + 1)); echo "tick $n"; sleep 0.2; done`,
  ),
  title: 'Ticker',
  stopGrace: { minutes: 5 },
};

/** Fails in its second step, and can begin there again. */
export const PUBLISHER = {
  ...shell(
    `${SAY_STEP}
     if [ -z "$MILLRACE_RESUME_STEP" ]; then
       step download running; step download succeeded
       step publish running; echo 'the shelf is full' >&2; step publish failed; exit 1
     fi
     step "$MILLRACE_RESUME_STEP" running; step "$MILLRACE_RESUME_STEP" succeeded`,
  ),
  title: 'Publisher',
  resumableSteps: true,
  parameters: {
    type: 'object',
    properties: {
      shelf: { type: 'string', title: 'Shelf', default: 'north' },
      copies: { type: 'integer', title: 'Copies', minimum: 1, default: 1 },
    },
  },
};

/** Fails as soon as the file that it is told of exists. */
export const WAITS_FOR_FILE = {
  ...shell(
    `file=$(${readParameter(
      'file',
    )}); while [ ! -e "$file" ]; do sleep 0.1; done; exit 3`,
  ),
  title: 'Waits for a file',
  parameters: {
    type: 'object',
    required: ['file'],
    properties: { file: { type: 'string' } },
  },
};

/** Takes every kind of parameter, and writes them to its log. */
export const EVERYTHING = {
  ...shell('cat "$MILLRACE_PARAMS_FILE"; echo; echo done'),
  title: 'Everything',
  parameters: {
    type: 'object',
    required: ['source', 'quality', 'day', 'token'],
    properties: {
      source: {
        type: 'object',
        title: 'Source',
        required: ['host'],
        properties: {
          host: { type: 'string', title: 'Host', pattern: '^[a-z.]+$' },
          port: { type: 'integer', title: 'Port', minimum: 1, maximum: 65535 },
        },
      },
      names: {
        type: 'array',
        title: 'Names',
        items: { type: 'string', minLength: 2 },
      },
      quality: { type: 'string', title: 'Quality', enum: ['low', 'high'] },
      day: { type: 'string', format: 'date', title: 'Day' },
      token: { type: 'string', writeOnly: true, title: 'Token' },
      notes: { type: 'string', format: 'data-url', title: 'Notes' },
    },
  },
};

/** Has a schedule that starts nothing by itself, so that any number of its runs can be made. */
export const SCHEDULED = {
  ...shell('echo done'),
  title: 'Scheduled',
  schedule: { cron: '30 2 * * *', timezone: 'UTC', enabled: false },
};

/** Presses a button and, in the dialog that opens, fills and confirms. */
export async function confirm(
  page: Page,
  options: {
    /** The button, which must be allowed; not needed where the dialog is open. */
    press?: string | Locator;
    /** The button of the dialog. */
    confirm: string;
    /** Texts by the label of their field. */
    fill?: Record<string, string>;
    /** Labels of what is ticked. */
    tick?: string[];
  },
): Promise<void> {
  const { press, fill = {}, tick = [] } = options;
  if (press !== undefined) {
    await pressAllowed(page, press);
  }
  const dialog = page.getByRole('dialog');
  for (const [label, text] of Object.entries(fill)) {
    await fillField(dialog, label, text);
  }
  for (const label of tick) {
    await dialog.getByText(label).click();
  }
  await dialog
    .getByRole('button', { name: options.confirm, exact: true })
    .click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Writes into a field for text or a number, and leaves it. */
export async function fillField(
  place: Locator,
  label: string,
  text: string,
): Promise<void> {
  const field = place.getByRole('textbox', { name: label });
  await field.fill(text);
  await field.blur();
}

/** Presses a button as soon as it is known that one may. */
export async function pressAllowed(
  page: Page,
  button: string | Locator,
): Promise<void> {
  const found =
    typeof button === 'string'
      ? page.getByRole('button', { name: button, exact: true }).first()
      : button;
  await found.and(page.locator(':not([aria-disabled=true])')).click();
}

/** Chooses an item of the menu behind a button. */
export async function chooseFrom(
  page: Page,
  menu: string,
  item: string,
): Promise<void> {
  await page.getByRole('button', { name: menu, exact: true }).click();
  await page
    .getByRole('menuitem', { name: item, exact: true })
    .and(page.locator(':not([aria-disabled=true])'))
    .click();
}
