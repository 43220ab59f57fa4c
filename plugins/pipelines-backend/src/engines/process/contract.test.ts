import { describeEngineContract } from '@millrace/backstage-plugin-pipelines-node';
import { ProcessBench } from '../__testUtils__/processBench';

describeEngineContract('the process engine', async () => {
  const bench = new ProcessBench();
  const shell = (script: string) => ({
    pipelineId: 'contract',
    command: ['bash', '-c', script],
    cwd: bench.workRoot,
    stopGraceMs: 500,
    options: {},
  });
  return {
    engine: bench.engine,
    definitions: {
      succeeds: shell('echo hello'),
      fails: shell('exit 1'),
      runsUntilCancelled: shell('echo up; sleep 60'),
      counts: shell('seq 0 9999'),
      speaks: shell(
        `echo '::millrace::{"type":"step","name":"one","status":"running"}'`,
      ),
      ticks: shell('while :; do echo tick; sleep 0.02; done'),
      makes: shell(
        `echo made > "$MILLRACE_ARTIFACTS_DIR/made.txt"
         echo '::millrace::{"type":"artifact","path":"made.txt"}'`,
      ),
      tells: shell(`sed 's/.*"secret":"//;s/".*//' "$MILLRACE_PARAMS_FILE"`),
      resumes: shell(
        `[ -n "$MILLRACE_RESUME_RUN_ID" ] && echo "$MILLRACE_RESUME_STEP $(cat "$MILLRACE_RESUME_DIR/made.txt")"`,
      ),
      cannotStart: { ...shell(''), command: ['no-such-program'] },
    },
    close: () => bench.close(),
  };
});
