import {
  type ScannedItem,
  NotAnArrayError,
  scanRecords,
} from './scanRecords.ts';

async function scan(
  text: string,
  options: { windowBytes?: number; maxRecordBytes?: number } = {},
): Promise<ScannedItem[]> {
  const bytes = Buffer.from(text);
  const source = {
    size: bytes.length,
    read: async (position: number, length: number, into?: Buffer) => {
      const slice = bytes.subarray(position, position + length);
      slice.copy(into ?? Buffer.alloc(0));
      return into ? into.subarray(0, slice.length) : Buffer.from(slice);
    },
  };
  const items: ScannedItem[] = [];
  for await (const item of scanRecords(source, {
    recordKeys: ['id'],
    ...options,
  })) {
    items.push(
      item.kind === 'record'
        ? { ...item, bytes: Buffer.from(item.bytes) }
        : item,
    );
  }
  return items;
}

const recordsOf = (items: ScannedItem[]) =>
  items.flatMap(item =>
    item.kind === 'record' ? [item.bytes.toString()] : [],
  );

const kindsOf = (items: ScannedItem[]) => items.map(item => item.kind);

describe('scanRecords', () => {
  const pretty = '{\n  "id": 1,\n  "text": "brace } quote \\" bracket ]"\n}';

  it.each([1, 2, 3, 7, 64])(
    'yields the exact bytes of each element whatever the window (%i bytes)',
    async windowBytes => {
      const items = await scan(
        `\uFEFF [ ${pretty} ,\r\n{"id":2,"é":"\u2028"},\t-1.5e+3 ,"x" , null,[1,[2]]]  `,
        { windowBytes },
      );
      expect(recordsOf(items)).toEqual([
        pretty,
        '{"id":2,"é":"\u2028"}',
        '-1.5e+3',
        '"x"',
        'null',
        '[1,[2]]',
      ]);
      expect(kindsOf(items)).toEqual(Array(6).fill('record'));
    },
  );

  it('yields offsets at which the bytes stand in the file', async () => {
    const text = '[ {"id":"é"}, {"id":2}]';
    for (const item of await scan(text)) {
      expect(item).toMatchObject({ kind: 'record' });
      const { offset, bytes } = item as { offset: number; bytes: Buffer };
      expect(Buffer.from(text).subarray(offset, offset + bytes.length)).toEqual(
        bytes,
      );
    }
  });

  it('finds nothing in an empty array', async () => {
    expect(await scan(' [ \n ] ')).toEqual([]);
  });

  it.each([
    ['', 'it is empty'],
    ['{"id":1}', 'it starts with "{"'],
    ['<html>', 'it starts with "<"'],
    ['\uFEFF  ', 'it is empty'],
  ])('refuses what is not an array: %j', async (text, reason) => {
    await expect(scan(text)).rejects.toThrow(NotAnArrayError);
    await expect(scan(text)).rejects.toThrow(reason);
  });

  it.each([
    ['a lost quote', '{"id":"broken,"b":1}'],
    ['a lost quote before a line break', '{"id":"broken,\n"b":1}'],
    ['a lost closing brace', '{"id":"broken"'],
    ['a lost brace inside', '{"id":"broken","a":{"b":1}'],
    ['a lost bracket inside', '{"id":"broken","a":[{"b":1}}'],
    ['a bracket that nobody closes', '{"id":"broken","a":[{"b":1},{"c":2}'],
    ['a lost comma', '{"id":"broken" "b":1}'],
    ['a lost colon', '{"id" "broken"}'],
    ['noise', '@@ noise @@'],
    ['bytes outside of ASCII', 'é'],
  ])('loses only the element that has %s', async (_name, broken) => {
    for (const windowBytes of [16, 1024]) {
      const items = await scan(`[{"id":1},${broken},{"id":2},{ "id" : 3 }]`, {
        windowBytes: Math.max(windowBytes, 600),
      });
      expect(recordsOf(items)).toEqual([
        '{"id":1}',
        '{"id":2}',
        '{ "id" : 3 }',
      ]);
      expect(kindsOf(items).filter(kind => kind !== 'record')).toEqual([
        'damagedRecord',
      ]);
    }
  });

  it('keeps what a truncated file has in whole and reports the rest', async () => {
    const items = await scan('[{"id":1},{"id":2,"a":[1,');
    expect(recordsOf(items)).toEqual(['{"id":1}']);
    expect(items[1]).toEqual({
      kind: 'damagedRecord',
      offset: 10,
      length: 15,
      message: 'the file ends inside the record',
    });
    expect(items).toHaveLength(2);
  });

  it.each([
    ['[{"id":1}', 'the array has no end'],
    ['[{"id":1},', 'the array has no end'],
    ['[{"id":1},]', 'a comma before the end'],
    ['[{"id":1}] more', 'bytes behind the array'],
    ['[,{"id":1}]', 'a comma too many'],
  ])('keeps the records of %j and says that %s', async (text, message) => {
    const items = await scan(text);
    expect(recordsOf(items)).toEqual(['{"id":1}']);
    expect(items.filter(item => item.kind === 'damage')).toEqual([
      expect.objectContaining({ message: expect.stringContaining(message) }),
    ]);
  });

  it('keeps two records between which the comma is missing', async () => {
    const items = await scan('[{"id":1} {"id":2}]');
    expect(recordsOf(items)).toEqual(['{"id":1}', '{"id":2}']);
    expect(kindsOf(items)).toEqual(['record', 'damage', 'record']);
  });

  it('does not read a record that is too long to the end', async () => {
    const long = `{"id":1,"a":"${'x'.repeat(5000)}"}`;
    const items = await scan(`[${long},{"id":2}]`, {
      maxRecordBytes: 1000,
      windowBytes: 512,
    });
    expect(kindsOf(items)).toEqual(['damagedRecord', 'record']);
    expect(recordsOf(items)).toEqual(['{"id":2}']);
  });

  it('follows nesting of any depth', async () => {
    const deep = `{"id":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(recordsOf(await scan(`[${deep},{"id":2}]`))).toEqual([
      deep,
      '{"id":2}',
    ]);
  });

  it('does not take a nested object for a record when all is well', async () => {
    const nested = '{"id":1,"more":[{"id":"inner"}]}';
    expect(recordsOf(await scan(`[${nested}]`))).toEqual([nested]);
  });
});
