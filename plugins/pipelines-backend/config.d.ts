import type { HumanDuration, JsonObject } from '@backstage/types';

export interface Config {
  /** Millrace: pipelines, what executes them, and how much is kept. */
  pipelines?: {
    /** What this process executes itself. */
    worker?: {
      /** Whether this process executes runs at all; default true. */
      enabled?: boolean;
      /** Whether this process does nothing else: no pages, no schedules, no roll-ups; default false. */
      only?: boolean;
      /** Runs at once in this process, 1 to 64; default 2. */
      slots?: number;
      /** How long a stopping process lets its runs finish; default 10 seconds. */
      stopWait?: HumanDuration | string;
      /** Whether the timeouts of a run go on while it is paused; default false. */
      pausedTimeCounts?: boolean;
    };
    /** Folder that relative commands and `cwd`s start from; default the one that the backend was started in. */
    root?: string;
    /** Folder for attempts in progress and, unless `artifacts.folder` is set, artifacts; default `.millrace` in the root. */
    dataFolder?: string;
    /** Runs at once over all pipelines and workers, 1 to 10,000; default no limit but the slots. Can be edited in the portal. */
    concurrency?: number;
    folders?: {
      /** Folders of the host below which settings in the portal may name watched and output folders, relative to the root; default none. */
      roots?: string[];
    };
    artifacts?: {
      /** Folder that artifacts are kept in; default `artifacts` in the data folder. */
      folder?: string;
      /** Largest artifact in bytes; default 20 GiB. */
      maxBytes?: number;
      /** Where new artifacts go: `local`, `s3`, or the id of a store that a module adds; default `local`. Those stored elsewhere before can still be read. */
      store?: string;
      /** A bucket of an S3-compatible server, so that several machines need no shared disk. */
      s3?: {
        bucket: string;
        /** Default us-east-1. */
        region?: string;
        /** Of a server that is not Amazon's. */
        endpoint?: string;
        /** In front of every name, such as `millrace/`; default nothing. */
        prefix?: string;
        /** Names the bucket in the path of the address instead of its host; default false. */
        forcePathStyle?: boolean;
        /** Without it the usual places are searched: environment, profile, role of the machine. */
        accessKeyId?: string;
        /** @visibility secret */
        secretAccessKey?: string;
      };
    };
    logs?: {
      /** Largest log of one attempt in bytes; default 1 GiB. */
      maxBytes?: number;
      /** Streams of runs that one process serves at once; default 2,000. */
      maxStreams?: number;
      /** How long logs are kept, in whole weeks after that; default 30 days. Can be edited in the portal. */
      retention?: HumanDuration | string;
    };
    runs?: {
      /** How long ended runs are kept; default 400 days. Can be edited in the portal. */
      retention?: HumanDuration | string;
    };
    /** What secret parameters are encrypted with; without a key pipelines cannot have any. */
    secrets?: {
      /**
       * At least 24 characters, for example from `openssl rand -base64 32`.
       * @visibility secret
       */
      key?: string;
      /**
       * Further keys, newest first: what former keys have encrypted can still be read.
       * @deepVisibility secret
       */
      keys?: string[];
    };
    /** Who may report runs that are executed elsewhere, by the name that they report under. */
    reporters?: {
      [name: string]: {
        /** Subjects of services, such as `external:cron`, and entity refs of users. */
        subjects: string[];
        /** The pipelines whose runs it may report; default every one. */
        pipelines?: string[];
      };
    };
    schedules?: {
      /** Most runs that are made at once of starts that a schedule with `missed: all` has missed, 1 to 1,000; default 100. */
      maxMissedStarts?: number;
    };
    /** Folders whose files start runs, by id; see docs/triggers.md. Folder, enabled and stable can be edited in the portal. */
    watches?: {
      [watchId: string]: {
        /** Absolute, or relative to the root. */
        folder: string;
        /** Default true. */
        enabled?: boolean;
        /** How long a file must have stopped growing; default 10 seconds. */
        stable?: HumanDuration | string;
        /** For network folders, which tell of no changes: looks at every file every 5 seconds; default false. */
        usePolling?: boolean;
        /** In order; the first whose glob matches a file is taken. */
        rules: {
          /** Over the path of the file below the folder. */
          glob: string;
          pipeline: string;
          /** Values of parameters, with `${{ file.path }}`, `name`, `stem`, `extension` or `folder`. */
          parameters?: JsonObject;
          /** Whether the file is deleted when its run has succeeded; default false. */
          deleteInput?: boolean;
        }[];
      };
    };
    /** Triggers that signed calls to `/api/pipelines/triggers/<id>` start, by id; see docs/triggers.md. */
    webhooks?: {
      [webhookId: string]: {
        pipeline: string;
        /**
         * What calls are signed with, by Standard Webhooks: base64 of at least 24 bytes.
         * @visibility secret
         */
        secret?: string;
        /**
         * Further secrets, while one takes the place of another.
         * @visibility secret
         */
        secrets?: string[];
        /** Values of parameters, with `${{ body.path }}` of the JSON body of the call. */
        parameters?: JsonObject;
      };
    };
    stats?: {
      /** IANA name of the zone that days are cut in; default UTC. */
      timezone?: string;
    };
    /** Pipelines by id: lower-case letters, digits and hyphens, at most 63. */
    definitions?: {
      [pipelineId: string]: {
        title?: string;
        description?: string;
        /** Entity ref of the group or user that owns the pipeline and its runs. */
        owner?: string;
        /** Ref of the catalog entity that the pipeline belongs to. */
        entity?: string;
        /** What executes it; default `process`. With `outside` nothing here does: its runs are only reported. */
        engine?: string;
        /** Program and arguments for the process engine; never built from anything that users enter. */
        command?: string[];
        /** Folder that the program starts in, relative to the folder of the config; default that folder. */
        cwd?: string;
        /** Names of environment variables that are passed on. */
        env?: string[];
        /** Names of environment variables that are passed on, and redacted wherever their values appear. */
        secrets?: string[];
        /** Title of a run, with `${{ parameters.name }}`; default the pipeline's title. */
        titleTemplate?: string;
        version?: string;
        /** JSON Schema of the parameters, of type object. */
        parameters?: JsonObject;
        /** The parameter, a string, that names the folder which runs write to; its default can be edited in the portal. */
        outputFolderParameter?: string;
        /** When it starts by itself, with the defaults of its parameters. */
        schedule?: {
          /** Five or six fields. */
          cron: string;
          /** IANA name; default UTC. */
          timezone?: string;
          /** What happens to planned starts that nobody was there for: `skip`, `once` (one run for all of them, the default) or `all`. */
          missed?: 'skip' | 'once' | 'all';
          /** Default true. */
          enabled?: boolean;
        };
        /** Pipelines that start this one when they succeed, at most 20; circles are refused. */
        after?: (
          | string
          | {
              pipeline: string;
              /** Parameters of the started run, with `${{ run.id }}` and the like of the run that succeeded. */
              parameters?: JsonObject;
            }
        )[];
        /** Runs at once, 1 to 10,000; default no limit. */
        concurrency?:
          | number
          | {
              /** Of the whole pipeline. */
              limit?: number;
              /** Gives each run a key, with `${{ parameters.name }}`; goes with `perKey`. */
              key?: string;
              /** Of runs with the same key. */
              perKey?: number;
            };
        /** How long an attempt may execute, at most 24 days; default no limit. */
        timeout?: HumanDuration | string;
        /** How long a run may wait in the queue, at most 24 days; default no limit. */
        queueTimeout?: HumanDuration | string;
        /** How long a step may take, at most 24 days; default no limit. */
        stepTimeout?: HumanDuration | string;
        /** How long an attempt may write nothing, at most 24 days; default no limit. */
        noOutputTimeout?: HumanDuration | string;
        /** Time between the polite and the forced end; default 10 seconds, at most 300. */
        stopGrace?: HumanDuration | string;
        retry?: {
          /** Starts of one run at most, 1 to 20; default 1, which is at most once. */
          maxAttempts?: number;
          /** Longest wait before the second attempt, doubled with each further one; default 1 second, at most a day. */
          delay?: HumanDuration | string;
          /** What that grows to at most; default 5 minutes, at most a day. */
          maxDelay?: HumanDuration | string;
          /** Exit codes, 1 to 255, after which it goes again; default every one but 0. */
          exitCodes?: number[];
          /** Whether it goes again after a timeout; default true. */
          onTimeout?: boolean;
        };
        /** Whether a retry can begin at the first step that did not succeed; default false. */
        resumableSteps?: boolean;
        /** What is kept for a shorter time than the portal keeps it, counted from the end of a run. */
        retention?: {
          /** 1 to 3,650 days; default as long as the portal. */
          logDays?: number;
          /** 1 to 3,650 days; default as long as the run. */
          artifactDays?: number;
        };
        /** For engines that take more than a command. */
        options?: JsonObject;
      };
    };
  };
}
