import type { Engine } from '@millrace/backstage-plugin-pipelines-node';
import { EngineRegistry } from './EngineRegistry';

const engine = (id: string): Engine => ({
  id,
  capabilities: { cancel: true, pause: false, logs: true, artifacts: true },
  checkDefinition: () => ['a problem'],
  start: () => Promise.reject(new Error('not here')),
});

describe('EngineRegistry', () => {
  it('hands out engines by id and refuses a second one of the same id', () => {
    const registry = new EngineRegistry();
    const first = engine('process');
    registry.addEngine(first);

    expect(registry.get('process')).toBe(first);
    expect(() => registry.addEngine(engine('process'))).toThrow(
      expect.objectContaining({ name: 'ConflictError' }),
    );
  });

  it('says which engines there are when one is missing', () => {
    const registry = new EngineRegistry();
    registry.addEngine(engine('process'));
    registry.addEngine(engine('system'));

    expect(() => registry.get('slurm')).toThrow(
      `There is no engine 'slurm'; known are process, system`,
    );
    expect(registry.capabilitiesOf('slurm')).toBeUndefined();
    expect(registry.capabilitiesOf('system')).toMatchObject({ pause: false });
    const definition = { pipelineId: 'x', stopGraceMs: 0, options: {} };
    expect(registry.check('system', definition)).toEqual(['a problem']);
  });
});
