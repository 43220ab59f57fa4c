// One worker process of a benchmark: `node worker.ts <contender> <database url>`.
import type { Contender } from './Contender.ts';

const [name, databaseUrl] = process.argv.slice(2) as [string, string];
const { contender } = (await import(`./${name}.ts`)) as {
  contender: Contender;
};

await contender.load?.();
process.once('message', async () => {
  const waits: number[] = [];
  const stop = await contender.work(databaseUrl, sentAt => {
    if (sentAt !== undefined) {
      waits.push(performance.timeOrigin + performance.now() - sentAt);
    }
  });
  process.send?.({ bench: 'working' });
  process.once('message', async () => {
    await stop();
    process.send?.({ bench: waits }, () => process.exit(0));
  });
});
process.send?.({ bench: 'ready' });
