import assert from 'node:assert/strict';
import { it } from 'node:test';
import { groupingAccuracy } from './groupingAccuracy.ts';
import { readCsv } from './readCsv.ts';

it('counts a message as right only when its whole group is right', () => {
  const key = ['a', 'a', 'b', 'b', 'c'];
  assert.equal(groupingAccuracy(['1', '1', '2', '2', '3'], key), 1);
  assert.equal(groupingAccuracy(['1', '4', '2', '2', '3'], key), 0.6);
  assert.equal(groupingAccuracy(['1', '1', '2', '2', '2'], key), 0.4);
  assert.equal(groupingAccuracy(['1', '1', '1', '1', '1'], key), 0);
});

it('reads quoted fields with commas, quotation marks and line breaks', () => {
  assert.deepEqual(readCsv('a,b\r\n"x, ""y""\nz",2\n,\n'), [
    ['a', 'b'],
    ['x, "y"\nz', '2'],
    ['', ''],
  ]);
});
