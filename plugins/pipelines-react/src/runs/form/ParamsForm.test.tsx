import { useState } from 'react';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  defaultParameters,
  validateParameters,
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
  await userEvent.click(screen.getByRole('button', { name: 'Add' }));
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
