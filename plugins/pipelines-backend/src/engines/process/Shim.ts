import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type {
  Exit,
  Identity,
  ShimMessage,
  WorkerMessage,
} from '../../../shim/protocol';
import { baseEnvironment } from './baseEnvironment';

const SHIM_PROGRAM = resolvePackagePath(
  '@millrace/backstage-plugin-pipelines-backend',
  'shim/main.js',
);
const CONTROL_FD = 3;
const MAX_DIAGNOSIS_CHARS = 8_192;

/** What a shim tells while it watches over an attempt. */
export interface ShimListener {
  onSpool(position: number): void;
  onTrouble(message: string): void;
}

/**
 * The worker's end of one shim process; see `shim/main.js`.
 *
 * @remarks
 * A shim serves one order: {@link Shim.start} or {@link Shim.reap}. While it waits for one it
 * does not keep this process alive, unless {@link Shim.hold} says so.
 */
export class Shim {
  /** @throws an error of the operating system when no process can be started */
  static async spawn(options: {
    workRoot: string;
    environment: NodeJS.ProcessEnv;
  }): Promise<Shim> {
    const child = spawn(process.execPath, [SHIM_PROGRAM, options.workRoot], {
      cwd: '/',
      env: baseEnvironment(options.environment),
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    await once(child, 'spawn');
    return new Shim(child);
  }

  /** Settles when the shim can take an order; rejects when it dies before. */
  readonly ready: Promise<Identity>;
  readonly #control: Socket;
  readonly #waiting: ((message: ShimMessage | undefined) => boolean)[] = [];
  #listener?: ShimListener;
  #exit?: Exit;
  #rest = '';
  #diagnosis = '';
  #isClosed = false;

  private constructor(private readonly child: ChildProcess) {
    this.#control = child.stdio[CONTROL_FD] as Socket;
    this.#control.setEncoding('utf8');
    this.#control.on('data', text => this.#read(text.toString()));
    this.#control.on('error', () => this.#close());
    this.#control.on('close', () => this.#close());
    child.on('error', () => this.#close());
    child.stderr?.on('data', text => {
      this.#diagnosis = `${this.#diagnosis}${text}`.slice(-MAX_DIAGNOSIS_CHARS);
    });
    this.ready = this.#expect(['ready']);
    this.ready.then(
      () => this.#setHeld(false),
      () => {},
    );
  }

  /** Lets the shim keep this process alive, because somebody waits for it. */
  hold(): void {
    this.#setHeld(true);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The last words of the process on stderr: why it failed. */
  get diagnosis(): string {
    return this.#diagnosis;
  }

  /** @throws Error with the reason when the command could not be started */
  async start(
    order: WorkerMessage & { type: 'start' },
    listener: ShimListener,
  ): Promise<Identity> {
    this.#listener = listener;
    this.send(order);
    const answer = await this.#expect(['spawned', 'spawn-failed']);
    if (answer.type === 'spawn-failed') {
      throw new Error(answer.message);
    }
    const { pid, startTicks, bootId } = answer;
    return { pid, startTicks, bootId };
  }

  /**
   * Lets everything of the attempt stand still, or go on; to be called when an earlier call has
   * settled.
   *
   * @throws Error with the reason when it is not confirmed
   */
  async setPaused(paused: boolean): Promise<void> {
    this.send({ type: 'pause', paused });
    // A late answer to an earlier call is none to this one.
    const { problem } = await this.#expect(
      ['paused'],
      answer => answer.paused === paused,
    );
    if (problem) {
      throw new Error(problem);
    }
  }

  /** Ends what is alive of an attempt that another shim watched over. */
  async reap(
    order: WorkerMessage & { type: 'reap' },
  ): Promise<{ killed: number; survivors: number }> {
    this.send(order);
    return this.#expect(['reaped']);
  }

  /** How the attempt ended; nothing when the shim died without a word. */
  async exited(): Promise<Exit | undefined> {
    await this.#expect(['exited']).catch(() => {});
    return this.#exit;
  }

  send(message: WorkerMessage): void {
    if (!this.#isClosed) {
      this.#control.write(`${JSON.stringify(message)}\n`);
    }
  }

  /** Ends a shim that waits. */
  end(): void {
    this.#control.destroy();
  }

  #expect<TType extends ShimMessage['type']>(
    types: TType[],
    isMeant: (message: Extract<ShimMessage, { type: TType }>) => boolean = () =>
      true,
  ): Promise<Extract<ShimMessage, { type: TType }>> {
    const isExpected = (
      message: ShimMessage,
    ): message is Extract<ShimMessage, { type: TType }> =>
      types.some(type => type === message.type);
    return new Promise((resolve, reject) => {
      const take = (message: ShimMessage | undefined) => {
        if (!message) {
          reject(new Error(`The shim process died. ${this.#diagnosis}`.trim()));
          return true;
        }
        const isAnswer = isExpected(message) && isMeant(message);
        if (isAnswer) {
          resolve(message);
        }
        return isAnswer;
      };
      if (this.#isClosed) {
        take(undefined);
      } else {
        this.#waiting.push(take);
      }
    });
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#take(JSON.parse(line));
    }
  }

  #take(message: ShimMessage): void {
    if (message.type === 'spool') {
      this.#listener?.onSpool(message.position);
    } else if (message.type === 'trouble') {
      this.#listener?.onTrouble(message.message);
    } else {
      if (message.type === 'exited') {
        this.#exit = message;
      }
      this.#settle(message);
    }
  }

  #settle(message: ShimMessage | undefined): void {
    const still = this.#waiting.filter(take => !take(message));
    this.#waiting.splice(0, this.#waiting.length, ...still);
  }

  #close(): void {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#control.destroy();
      this.#settle(undefined);
    }
  }

  #setHeld(held: boolean): void {
    const stderr = this.child.stderr as Socket | null;
    for (const handle of [this.child, this.#control, stderr]) {
      if (held) {
        handle?.ref();
      } else {
        handle?.unref();
      }
    }
  }
}
