/** Texts of live updates. @internal */
export const liveMessages = {
  pill: {
    live: 'Live',
    polling: 'Polling {{seconds}} s',
    reconnecting: 'Reconnecting, {{age}} behind',
    reconnectingFirst: 'Connecting',
    paused: 'Paused',
    pause: 'Pause live updates',
    resume: 'Resume live updates',
    age: 'Last updated {{age}} ago',
  },
} as const;
