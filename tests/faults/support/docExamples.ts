import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { inRoot } from '../../../scripts/lib/paths.ts';

/** An example of a page that says that it can be run. */
export interface Example {
  language: string;
  text: string;
  /** Where it begins in the page. */
  line: number;
}

/** What is to be executed, and with which variables. */
export interface ExampleCommand {
  script: string;
  env: Record<string, string>;
}

/** The fenced blocks of a page that are marked with `run`. */
export function readExamples(file: string): Example[] {
  const page = fs.readFileSync(file, 'utf8');
  return [...page.matchAll(/^```(\w+) run\n([^]*?)^```$/gm)].map(match => ({
    language: match[1],
    text: match[2],
    line: page.slice(0, match.index).split('\n').length + 1,
  }));
}

/** A machine as the page imagines it: its paths and addresses stand for those of a test. */
export class Machine {
  readonly #folder: string;
  readonly #tokenFile: string;
  readonly #portal: string;

  private constructor(options: MachineOptions) {
    this.#folder = options.folder;
    this.#tokenFile = options.tokenFile;
    this.#portal = options.portal;
  }

  /** Copies the program to it, and makes what the examples use. */
  static prepare(options: MachineOptions): Machine {
    const place = (name: string) => path.join(options.folder, name);
    const source = inRoot('scripts/run-pipeline-once');
    fs.cpSync(`${source}.mjs`, place('millrace/run-pipeline-once.mjs'));
    fs.cpSync(source, place('millrace/run-pipeline-once'), {
      recursive: true,
      filter: file => !file.endsWith('.test.ts'),
    });
    fs.writeFileSync(place('backup.log'), 'three files\n');
    fs.writeFileSync(place('backup.sh'), '#!/bin/sh\necho "backup of $1"\n', {
      mode: 0o700,
    });
    return new Machine(options);
  }

  /** What an example would let a machine execute. */
  commandsOf({ language, text }: Example): ExampleCommand[] {
    switch (language) {
      case 'sh':
        return [{ script: text, env: this.#environment() }];
      case 'crontab':
        return this.#ofCrontab(text);
      case 'bat':
        return this.#ofTaskScheduler(text);
      case 'yaml':
        return this.#ofCi(text);
      default:
        throw new Error(`Nobody knows how to run '${language}'`);
    }
  }

  /** Executes it with the variables that it names and no others. */
  async run({ script, env }: ExampleCommand) {
    const child = spawn('sh', ['-eu', '-c', this.#here(script)], {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: [path.dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
        HOME: this.#folder,
        ...Object.fromEntries(
          Object.entries(env).map(([name, value]) => [name, this.#here(value)]),
        ),
      },
    });
    let output = '';
    child.stdout.on('data', part => (output += part));
    child.stderr.on('data', part => (output += part));
    const code = await new Promise<number | null>(resolve => {
      child.once('close', resolve);
    });
    return { code, output };
  }

  #environment() {
    return {
      MILLRACE_PORTAL: this.#portal,
      MILLRACE_TOKEN_FILE: this.#tokenFile,
      MILLRACE_REPORTER: 'nightly-cron',
    };
  }

  #ofCrontab(text: string): ExampleCommand[] {
    const lines = text.split('\n').filter(Boolean);
    const env = Object.fromEntries(
      lines
        .filter(line => /^\w+=/.test(line))
        .map(line => line.split('=') as [string, string]),
    );
    return lines
      .map(line => /^(?:[\d*/,-]+\s+){5}(.+)$/.exec(line)?.[1])
      .filter(script => script !== undefined)
      .map(script => ({ script, env }));
  }

  /** What is Windows about it is left out: the command, and how the program is called. */
  #ofTaskScheduler(text: string): ExampleCommand[] {
    const env = Object.fromEntries(
      [...text.matchAll(/^setx \/M (\w+) (\S+)$/gm)].map(match => [
        match[1],
        match[2],
      ]),
    );
    const [, task] = /\/TR "([^"]+)"/.exec(text)!;
    const [call, command] = task.split(' -- ');
    if (!/^powershell /.test(command)) {
      throw new Error(`'${command}' is no PowerShell`);
    }
    return [{ script: `${call} -- /usr/local/bin/backup.sh C:`, env }];
  }

  #ofCi(text: string): ExampleCommand[] {
    const variables = [...text.matchAll(/^ +(MILLRACE_\w+): (.+)$/gm)];
    const [, folded, line] =
      /run: >-\n((?: {10}.*\n)+)|script:\n +- (.+)\n/.exec(text)!;
    const env = {
      ...Object.fromEntries(variables.map(match => [match[1], match[2]])),
      MILLRACE_TOKEN: fs.readFileSync(this.#tokenFile, 'utf8'),
      GITHUB_RUN_ID: '4711',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_SHA: '0123456789',
      CI_JOB_ID: '4712',
    };
    const script = folded
      ?.split('\n')
      .map(part => part.trim())
      .join(' ');
    return [{ script: script ?? line, env }];
  }

  /** Puts what a test has in place of what the page names. */
  #here(text: string): string {
    const places: [string, string][] = [
      ['https://portal.example.org', this.#portal],
      ['/etc/millrace/cron.token', this.#tokenFile],
      ['C:\\millrace\\cron.token', this.#tokenFile],
      ['/opt/millrace', path.join(this.#folder, 'millrace')],
      [
        'C:\\millrace\\run-pipeline-once.cmd',
        `node ${path.join(this.#folder, 'millrace/run-pipeline-once.mjs')}`,
      ],
      ['/usr/local/bin/backup.sh', path.join(this.#folder, 'backup.sh')],
      ['/var/log/backup.log', path.join(this.#folder, 'backup.log')],
    ];
    return places.reduce(
      (here, [page, own]) => here.replaceAll(page, own),
      text,
    );
  }
}

interface MachineOptions {
  folder: string;
  portal: string;
  tokenFile: string;
}
