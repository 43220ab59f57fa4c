import type { AttemptSink, LogBatch, RunnerMessage } from './Engine';

/** A sink that keeps what an engine under test delivers. @public */
export class ContractSink implements AttemptSink {
  readonly batches: LogBatch[] = [];
  readonly messages: RunnerMessage[] = [];
  /** Of messages that have one, in the order in which they came. */
  readonly messagePositions: number[] = [];
  /** Called with each delivery, before it is kept. */
  onCall: () => Promise<void> = async () => {};
  #tellLogged: () => void = () => {};
  /** Resolves with the first line. */
  readonly logged = new Promise<void>(resolve => {
    this.#tellLogged = resolve;
  });

  async log(batch: LogBatch): Promise<void> {
    await this.onCall();
    this.batches.push(batch);
    this.#tellLogged();
  }

  async message(message: RunnerMessage, position?: number): Promise<void> {
    await this.onCall();
    this.messages.push(message);
    if (position !== undefined) {
      this.messagePositions.push(position);
    }
  }

  /** How many lines came. */
  get lines(): number {
    return this.batches.reduce((sum, { lines }) => sum + lines.length, 0);
  }

  text(): string {
    const lines = this.batches.flatMap(batch => batch.lines);
    return Buffer.concat(lines.map(({ bytes }) => bytes)).toString();
  }
}
