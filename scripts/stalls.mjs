/** Notices when the whole machine stands still: a process that has nothing to do is then late all the same. */

/** Between two looks, ms. */
const everyMs = 200;
/** A look that is later than this counts as a halt, ms. */
const lateMs = 1000;

/**
 * Looks at the clock until `stop`; the process must have nothing else to do meanwhile.
 * @param {() => number} now a clock that goes on while the machine stands still, ms
 * @returns {{ stop: () => number[] }} `stop` ends it and gives how long each halt was, ms
 */
export function watchMachine(now = () => performance.now()) {
  /** @type {number[]} */
  const halts = [];
  let looked = now();
  const look = () => {
    const at = now();
    const late = at - looked - everyMs;
    if (late >= lateMs) halts.push(late);
    looked = at;
  };
  const timer = setInterval(look, everyMs);
  return {
    stop() {
      look();
      clearInterval(timer);
      return halts;
    },
  };
}
