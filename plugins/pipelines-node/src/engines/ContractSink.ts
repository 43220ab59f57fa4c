import type { AttemptSink, LogBatch, RunnerMessage } from './Engine';

/** A sink that keeps what an engine under test delivers. */
export class ContractSink implements AttemptSink {
  readonly batches: LogBatch[] = [];
  readonly messages: RunnerMessage[] = [];
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

  async message(message: RunnerMessage): Promise<void> {
    await this.onCall();
    this.messages.push(message);
  }

  text(): string {
    const lines = this.batches.flatMap(batch => batch.lines);
    return Buffer.concat(lines.map(({ bytes }) => bytes)).toString();
  }
}
