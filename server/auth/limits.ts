import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** How often something may be tried, from where. Counts live in this hub: several hubs allow that many times as much. */
export interface Limits {
  /** Wrong passwords from one address, whoever they are for. */
  readonly address: Limit;
  /** Wrong passwords for one e-mail address from one address. */
  readonly pair: Limit;
  /** Wrong passwords for one e-mail address from anywhere: a guess that is spread over many machines. */
  readonly email: Limit;
  /** Links that were tried from one address. */
  readonly link: Limit;
  /** Every request from one address. */
  readonly any: Limit;
}

/** Points that a key uses up. */
export interface Limit {
  /** Uses one point. @returns null, or the instant (ms, by `now`) from which it may be tried again */
  use(key: string, now: number): Promise<number | null>;
  /** Gives the point back: what was tried turned out to be right. */
  giveBack(key: string): Promise<void>;
  forget(key: string): Promise<void>;
}

function limit(name: string, points: number, seconds: number): Limit {
  const limiter = new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
  return {
    use: async (key, now) => {
      try {
        await limiter.consume(key);
        return null;
      } catch (spent) {
        if (spent instanceof RateLimiterRes) return now + spent.msBeforeNext;
        throw spent;
      }
    },
    giveBack: async (key) => {
      await limiter.reward(key);
    },
    forget: async (key) => {
      await limiter.delete(key);
    },
  };
}

export function createLimits(): Limits {
  return {
    // A whole office may stand behind one address, and mistypes at the start of a shift.
    address: limit('address', 100, 300),
    pair: limit('pair', 6, 600),
    email: limit('email', 40, 3600),
    link: limit('link', 30, 300),
    any: limit('any', 3000, 60),
  };
}
