/** Texts about pipelines. @internal */
export const definitionsMessages = {
  schedule: {
    none: 'Not scheduled',
    inZone: '{{words}} ({{zone}})',
    raw: '{{cron}} ({{zone}})',
  },
} as const;
