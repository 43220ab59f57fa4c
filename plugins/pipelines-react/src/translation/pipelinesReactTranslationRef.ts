import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { definitionsMessages } from './definitions';
import { liveMessages } from './live';
import { logsMessages } from './logs';
import { runsMessages } from './runs';
import { settingsMessages } from './settings';
import { statsMessages } from './stats';
import { timelineMessages } from './timeline';
import { uiMessages } from './ui';

/** Every text of the shared parts, to be translated by a portal. @public */
export const pipelinesReactTranslationRef = createTranslationRef({
  id: 'pipelines-react',
  messages: {
    ui: uiMessages,
    live: liveMessages,
    definitions: definitionsMessages,
    runs: runsMessages,
    logs: logsMessages,
    settings: settingsMessages,
    stats: statsMessages,
    timeline: timelineMessages,
  },
});
