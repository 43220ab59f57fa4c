/** The stages of a run, in order. */
export const STEPS = ['download', 'validate', 'load', 'summarize'] as const;

/** One stage of a run. */
export type StepName = (typeof STEPS)[number];

/** How a stage stands, in the words of the runner protocol. */
export type StepStatus = 'running' | 'succeeded' | 'failed';

const PREFIX = '::millrace::';
const PROGRESS_INTERVAL_MS = 250;
const MAX_MESSAGE_LENGTH = 1000;

/**
 * Says what the run does: log lines for everybody, and protocol lines when a
 * runner listens.
 */
export class Reporter {
  private readonly write: (line: string) => void;
  private readonly speaksProtocol: boolean;
  private lastProgressAt = 0;

  constructor(write: (line: string) => void, speaksProtocol: boolean) {
    this.write = write;
    this.speaksProtocol = speaksProtocol;
  }

  /** One line of the log. */
  log(message: string): void {
    // Text from a record could otherwise begin a line of its own and pose as the protocol
    this.write(message.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '));
  }

  /** A stage changed. */
  step(name: StepName, status: StepStatus, message?: string): void {
    this.send({
      type: 'step',
      name,
      status,
      message: message?.slice(0, MAX_MESSAGE_LENGTH),
    });
    this.log(`[${name}] ${status}${message ? `: ${message}` : ''}`);
  }

  /** The share of the whole run that is done, 0 to 1; sent at most four times a second. */
  progress(value: number, message: string): void {
    const now = Date.now();
    if (now - this.lastProgressAt >= PROGRESS_INTERVAL_MS || value >= 1) {
      this.lastProgressAt = now;
      this.send({ type: 'progress', progress: value, message });
    }
  }

  /** A document that the run made. */
  output(name: string, json: unknown): void {
    this.send({ type: 'output', name, json });
  }

  /** A file that the run made, by its path in the artifacts folder. */
  artifact(path: string, mediaType: string): void {
    this.send({ type: 'artifact', path, name: path, mediaType });
  }

  /** A number worth a look. */
  metric(name: string, value: number): void {
    this.send({ type: 'metric', name, value });
  }

  /** One sentence about how the run went. */
  summary(text: string): void {
    this.send({ type: 'summary', text });
    this.log(text);
  }

  private send(line: Record<string, unknown>): void {
    if (this.speaksProtocol) {
      this.write(`${PREFIX}${JSON.stringify(line)}`);
    }
  }
}
