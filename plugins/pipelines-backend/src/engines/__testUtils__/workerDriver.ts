/**
 * A worker that can be killed: starts one attempt and stores what it delivers in a file.
 * Run by {@link WorkerProcess}; its argument is a {@link DriverOrder} in JSON.
 */
import { appendFileSync } from 'node:fs';
import type {
  AttemptSink,
  EngineDefinition,
} from '@millrace/backstage-plugin-pipelines-node';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { ProcessEngine } from '../process/ProcessEngine';

export interface DriverOrder {
  workRoot: string;
  runId: string;
  definition: EngineDefinition;
  /** Each stored batch is one line of JSON in it. */
  sinkFile: string;
  /** After this many batches the sink stores nothing more and never answers. */
  maxBatches?: number;
  /** Lets the attempt stand still as soon as it has started. */
  pausesAtOnce?: boolean;
}

const silent: LoggerService = {
  error: console.error,
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silent,
};

async function main(order: DriverOrder): Promise<void> {
  let batches = 0;
  const sink: AttemptSink = {
    async log({ lines, position }) {
      batches += 1;
      if (batches > (order.maxBatches ?? Infinity)) {
        await new Promise(() => {});
      }
      const text = Buffer.concat(lines.map(({ bytes }) => bytes));
      const stored = { position, base64: text.toString('base64') };
      appendFileSync(order.sinkFile, `${JSON.stringify(stored)}\n`);
    },
    async message() {},
  };
  const engine = ProcessEngine.create({
    workRoot: order.workRoot,
    logger: silent,
    shimPoolSize: 1,
  });
  const attempt = await engine.start({
    runId: order.runId,
    attempt: 1,
    idempotencyKey: order.runId,
    definition: order.definition,
    parameters: {},
    sink,
  });
  setInterval(() => attempt.leaseRenewed(), 1_000);
  if (order.pausesAtOnce) {
    await attempt.setPaused(true);
  }
  process.stdout.write(`${JSON.stringify(attempt.handle)}\n`);
  const end = await attempt.end;
  process.stdout.write(`${JSON.stringify(end)}\n`);
}

void main(JSON.parse(process.argv[2]));
