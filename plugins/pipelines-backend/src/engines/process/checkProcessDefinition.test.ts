import { checkProcessDefinition } from './checkProcessDefinition';

const good = {
  pipelineId: 'x',
  command: ['node', 'main.js'],
  cwd: '/srv',
  env: ['LOG_LEVEL'],
  secrets: ['TOKEN'],
  stopGraceMs: 0,
  options: {},
};

describe('checkProcessDefinition', () => {
  it('finds nothing wrong with a good definition', () => {
    expect(checkProcessDefinition(good)).toEqual([]);
  });

  it.each([
    ['PATH'],
    ['LD_PRELOAD'],
    ['NODE_OPTIONS'],
    ['BASH_ENV'],
    ['PYTHONPATH'],
    ['GIT_SSH_COMMAND'],
    ['MILLRACE_RUN_ID'],
  ])('does not let %s through, as a variable or as a secret', name => {
    const reason = [expect.stringContaining(`'${name}' may not be passed on`)];
    expect(checkProcessDefinition({ ...good, env: [name] })).toEqual(reason);
    expect(checkProcessDefinition({ ...good, secrets: [name] })).toEqual(
      reason,
    );
  });

  it('tells every problem at once', () => {
    const problems = checkProcessDefinition({
      ...good,
      command: [],
      cwd: 'relative',
      env: ['1X', 'TOKEN'],
      options: { comand: 'x' },
    });
    expect(problems).toEqual([
      expect.stringContaining('needs a program'),
      expect.stringContaining(`'1X' is not the name of a variable`),
      expect.stringContaining(`'TOKEN' is in 'secrets', too`),
      expect.stringContaining(`no option 'comand'`),
      expect.stringContaining(`'relative' is not an absolute path`),
    ]);
  });

  it('says that it needs a POSIX host', () => {
    expect(checkProcessDefinition(good, 'win32')).toEqual([
      expect.stringContaining('needs a POSIX host'),
    ]);
  });
});
