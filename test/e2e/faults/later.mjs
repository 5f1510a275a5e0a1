// Preloaded by NODE_OPTIONS: for a command and all that it starts, it is half a year later.
const AHEAD_MS = 200 * 86_400_000;
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length > 0) super(...args);
    else super(RealDate.now() + AHEAD_MS);
  }

  static now() {
    return RealDate.now() + AHEAD_MS;
  }
};
