import { useState } from 'react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  defaultParameters,
  validateParameters,
  withoutSecrets,
  type Parameters,
} from './parameters';
import { ParamsForm, type ParamsValidity } from './ParamsForm';

const SCHEMA = {
  type: 'object',
  required: ['url'],
  additionalProperties: false,
  properties: {
    url: {
      type: 'string',
      format: 'uri',
      title: 'Source URL',
      description: 'Where the records are.',
    },
    limit: { type: 'integer', title: 'Limit', minimum: 1, default: 10 },
    dryRun: { type: 'boolean', title: 'Dry run' },
    profile: { type: 'string', title: 'Profile', enum: ['archive', 'preview'] },
    options: {
      type: 'object',
      title: 'Options',
      properties: { codec: { type: 'string', title: 'Codec', default: 'av1' } },
    },
    tags: { type: 'array', title: 'Tags', items: { type: 'string' } },
  },
};

const last: { value: Parameters; validity?: ParamsValidity } = { value: {} };

function Harness({ showAll = false }: { showAll?: boolean }) {
  const [value, setValue] = useState(defaultParameters(SCHEMA));
  return (
    <ParamsForm
      schema={SCHEMA}
      value={value}
      showAllProblems={showAll}
      onChange={(next, validity) => {
        last.value = next;
        last.validity = validity;
        setValue(next);
      }}
    />
  );
}

it('starts with the defaults of the schema, also nested ones', () => {
  expect(defaultParameters(SCHEMA)).toEqual({
    limit: 10,
    options: { codec: 'av1' },
  });
});

it('names what is wrong and where, by the rules of the backend', () => {
  expect(validateParameters(SCHEMA, { url: 'https://a.example/' })).toEqual([]);
  expect(
    validateParameters(SCHEMA, { limit: 0, surplus: 1 }).map(problem => [
      problem.path,
      problem.rule,
    ]),
  ).toEqual(
    expect.arrayContaining([
      ['url', 'required'],
      ['limit', 'minimum'],
    ]),
  );
});

it('holds back with problems until somebody has been in the field', async () => {
  renderInTestApp(<Harness />);
  const url = await screen.findByRole('textbox', { name: /Source URL/ });
  expect(screen.getByText('Where the records are.')).toBeVisible();
  expect(screen.queryByText(/must match format/)).toBeNull();

  await userEvent.type(url, 'not a url');
  expect(screen.queryByText(/must match format/)).toBeNull();
  await userEvent.tab();
  expect(await screen.findByText('must match format "uri"')).toBeVisible();
  expect(url).toBeInvalid();
  expect(last.validity?.valid).toBe(false);

  await userEvent.clear(url);
  await userEvent.type(url, 'https://a.example/x.json');
  await waitFor(() => expect(last.validity?.valid).toBe(true));
  expect(last.value).toMatchObject({
    url: 'https://a.example/x.json',
    limit: 10,
  });
}, 20_000);

it('shows all problems after a try to submit', async () => {
  renderInTestApp(<Harness showAll />);
  const url = await screen.findByRole('textbox', { name: /Source URL/ });
  expect(url).toBeInvalid();
  expect(url).toHaveAccessibleDescription(/Required/);
});

it('makes typed values of fields', async () => {
  renderInTestApp(<Harness />);
  const limit = await screen.findByRole('textbox', { name: 'Limit' });
  await userEvent.clear(limit);
  await userEvent.type(limit, '25');
  await userEvent.tab();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Dry run' }));
  await userEvent.click(screen.getByRole('button', { name: 'Add to Tags' }));
  await waitFor(() =>
    expect(last.value).toMatchObject({ limit: 25, dryRun: true }),
  );
  expect(screen.getByRole('button', { name: 'Remove item 1' })).toBeVisible();
}, 20_000);

it('leaves a field empty that had a default and was emptied', async () => {
  renderInTestApp(<Harness />);
  const codec = await screen.findByLabelText('Codec');
  await userEvent.clear(codec);
  expect(codec).toHaveValue('');
  await userEvent.type(codec, 'vp9');
  expect(last.value).toEqual({ limit: 10, options: { codec: 'vp9' } });
  await userEvent.clear(codec);
  expect(last.value).toEqual({ limit: 10, options: {} });
});

it('takes JSON, and says what is wrong with it', async () => {
  renderInTestApp(<Harness />);
  await userEvent.click(await screen.findByRole('radio', { name: 'JSON' }));
  const json = screen.getByRole('textbox', { name: 'Parameters (JSON)' });
  await userEvent.clear(json);
  await userEvent.paste('{"url": ');
  expect(await screen.findByText(/This is not JSON/)).toBeVisible();
  expect(last.validity?.valid).toBe(false);

  await userEvent.clear(json);
  await userEvent.paste('{"url": "https://a.example/", "limit": "many"}');
  expect(await screen.findByText('limit: must be integer')).toBeVisible();

  await userEvent.clear(json);
  await userEvent.paste('{"url": "https://a.example/", "limit": 3}');
  await waitFor(() => expect(last.validity?.valid).toBe(true));
  expect(last.value).toEqual({ url: 'https://a.example/', limit: 3 });
}, 20_000);

describe('fields of every kind', () => {
  const KINDS = {
    type: 'object',
    required: ['token'],
    properties: {
      token: { type: 'string', title: 'Token', writeOnly: true },
      day: { type: 'string', title: 'Day', format: 'date' },
      at: { type: 'string', title: 'At', format: 'date-time' },
      file: { type: 'string', title: 'File', format: 'data-url' },
      targets: {
        type: 'array',
        title: 'Targets',
        items: {
          type: 'object',
          properties: { host: { type: 'string', title: 'Host' } },
        },
      },
      tags: { type: 'array', title: 'Tags', items: { type: 'string' } },
    },
  };

  function Kinds(props: { start?: Parameters; baseline?: Parameters }) {
    const [value, setValue] = useState(props.start ?? {});
    return (
      <ParamsForm
        schema={KINDS}
        value={value}
        baseline={props.baseline}
        onChange={(next, validity) => {
          last.value = next;
          last.validity = validity;
          setValue(next);
        }}
      />
    );
  }

  it('hides what is secret, in the form of both words for it', async () => {
    renderInTestApp(<Kinds />);
    expect(await screen.findByLabelText(/Token/)).toHaveAttribute(
      'type',
      'password',
    );
    expect(
      withoutSecrets(
        {
          properties: {
            a: { writeOnly: true },
            b: { format: 'password' },
            c: { properties: { d: { writeOnly: true }, e: {} } },
          },
        },
        { a: 1, b: 2, c: { d: 3, e: 4 }, f: [5] },
      ),
    ).toEqual({ c: { e: 4 }, f: [5] });
  });

  it('keeps dates as they are written and times in UTC', async () => {
    renderInTestApp(
      <Kinds start={{ day: '2026-11-21', at: '2026-11-21T10:30:15.000Z' }} />,
    );
    const day = await screen.findByRole('group', { name: /Day/ });
    await userEvent.click(within(day).getByRole('spinbutton', { name: /day/ }));
    await userEvent.keyboard('{ArrowUp}');
    expect(last.value.day).toBe('2026-11-22');
    const at = screen.getByRole('group', { name: /^At/ });
    await userEvent.click(
      within(at).getByRole('spinbutton', { name: /second/ }),
    );
    await userEvent.keyboard('{ArrowUp}');
    expect(last.value.at).toBe('2026-11-21T10:30:16.000Z');
  });

  it('takes a file with its name, lets it be removed, and refuses a large one', async () => {
    renderInTestApp(<Kinds start={{ token: 'x' }} />);
    const field = await screen.findByLabelText('File');
    expect(field).toHaveAccessibleDescription(/At most 192 KiB/);
    // What it looks like is a button of the design, which nobody hears or reaches beside it.
    expect(screen.getByText('Choose a file…')).toBeVisible();
    expect(screen.queryByRole('button', { name: /Choose a file/ })).toBeNull();
    expect(
      screen.getByText('Choose a file…').closest('button'),
    ).toHaveAttribute('tabindex', '-1');
    await userEvent.upload(
      field,
      new File([new Uint8Array(192 * 1024 + 1)], 'film.mp4'),
    );
    expect(
      await screen.findByText(/film.mp4 has 197 KB; a file here has at most/),
    ).toBeVisible();
    expect(last.value.file).toBeUndefined();

    await userEvent.upload(
      field,
      new File(['WEBVTT'], 'talk 1.vtt', { type: 'text/vtt' }),
    );
    expect(await screen.findByText('talk 1.vtt')).toBeVisible();
    expect(screen.getByText('6 bytes')).toBeVisible();
    expect(last.value.file).toBe(
      `data:text/vtt;name=talk%201.vtt;base64,${btoa('WEBVTT')}`,
    );
    expect(last.validity?.valid).toBe(true);
    expect(screen.queryByText(/film.mp4/)).toBeNull();

    await userEvent.click(
      screen.getByRole('button', { name: 'Remove talk 1.vtt' }),
    );
    expect(last.value.file).toBeUndefined();
    expect(field).toHaveFocus();
  });

  it('names every field of a list, and adds, moves and removes items', async () => {
    renderInTestApp(<Kinds />);
    const add = await screen.findByRole('button', { name: 'Add to Targets' });
    await userEvent.click(add);
    await userEvent.click(add);
    const second = screen.getByRole('group', { name: 'Targets 2' });
    await userEvent.type(
      within(second).getByRole('textbox', { name: 'Host' }),
      'b',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Move item 2 up' }),
    );
    expect(last.value.targets).toEqual([{ host: 'b' }, {}]);
    await userEvent.click(
      screen.getByRole('button', { name: 'Remove item 2' }),
    );
    expect(last.value.targets).toEqual([{ host: 'b' }]);

    await userEvent.click(screen.getByRole('button', { name: 'Add to Tags' }));
    await userEvent.type(screen.getByRole('textbox', { name: 'Tags 1' }), 'x');
    expect(last.value.tags).toEqual(['x']);
  });

  it('marks what differs from where it started', async () => {
    renderInTestApp(
      <Kinds
        start={{ tags: ['a', 'b'] }}
        baseline={{ tags: ['a', 'b'], token: undefined }}
      />,
    );
    const tag = await screen.findByRole('textbox', { name: 'Tags 2' });
    expect(screen.queryByText(/Changed/)).toBeNull();
    await userEvent.type(tag, 'c');
    expect(await screen.findByText('Changed; it was "b"')).toBeVisible();
    await userEvent.type(await screen.findByLabelText(/Token/), 't');
    expect(await screen.findByText('Changed; it was not set')).toBeVisible();
  });

  it('says when all parameters together are too large', async () => {
    renderInTestApp(<Kinds start={{ token: 'x'.repeat(270_000) }} />);
    expect(
      await screen.findByText(/are 264 KiB as JSON; a run takes 256 KiB/),
    ).toBeVisible();
  });
});
