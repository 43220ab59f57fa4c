import { changedPaths } from './changedPaths';

it.each([
  [{}, {}, []],
  [{ a: 1 }, { a: 1 }, []],
  [{ a: { b: 1, c: 2 } }, { a: { c: 2, b: 3 } }, ['a.b']],
  [{}, { schedule: { cron: 'x' } }, ['schedule.cron']],
  [{ schedule: { cron: 'x' } }, { schedule: null }, ['schedule']],
  [{ schedule: null }, {}, ['schedule']],
  [{}, { retry: {} }, ['retry']],
  [
    { parameterDefaults: { a: { deep: 1 }, b: [1] } },
    { parameterDefaults: { a: { deep: 2 }, b: [1, 2] } },
    ['parameterDefaults.a', 'parameterDefaults.b'],
  ],
  [{ b: 1 }, { a: 1 }, ['a', 'b']],
])('between %j and %j there changed %j', (before, after, paths) => {
  expect(changedPaths(before, after)).toEqual(paths);
});
