// Loaded before a worker: makes it believe to be on another machine, with another clock.
const os = require('node:os');

const { PRETEND_HOST, PRETEND_CLOCK_AHEAD_MS } = process.env;

if (PRETEND_HOST) {
  os.hostname = () => PRETEND_HOST;
}

const aheadMs = Number(PRETEND_CLOCK_AHEAD_MS ?? 0);
if (aheadMs !== 0) {
  const RealDate = Date;
  const realNow = RealDate.now;
  global.Date = class extends RealDate {
    constructor(...args) {
      super(...(args.length > 0 ? args : [realNow() + aheadMs]));
    }

    static now() {
      return realNow() + aheadMs;
    }
  };
}
