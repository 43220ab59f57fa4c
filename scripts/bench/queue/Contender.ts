/** Jobs that each worker process of a contender executes at once. */
export const SLOTS = 8;

/** What is measured of a queue; each in processes and a database of its own. */
export interface Contender {
  /** As it is printed. */
  name: string;
  /** Makes its tables in the empty database. */
  prepare(databaseUrl: string): Promise<void>;
  /** Connects as a program that queues jobs. */
  connect(databaseUrl: string): Promise<Producer>;
  /** SQL of the jobs that are not done. */
  leftSql: string;
  /** Loads its code in a worker process, before time is taken. */
  load?(): Promise<void>;
  /** Executes jobs until it is told to stop; `onJob` is called when one starts. */
  work(
    databaseUrl: string,
    onJob: (sentAt: number | undefined) => void,
  ): Promise<() => Promise<void>>;
}

/** Queues jobs that do nothing. */
export interface Producer {
  /** Many, in as few statements as it offers. */
  fill(count: number): Promise<void>;
  /** One; the payload is the time in ms. */
  add(sentAt: number): Promise<void>;
  close(): Promise<void>;
}
