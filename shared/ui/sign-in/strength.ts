import { limits } from '../../contract/limits.ts';

/** How far a new password is, by length alone: the hub refuses common ones, which no meter can know. */
export interface Strength {
  readonly step: 'empty' | 'short' | 'enough' | 'good';
  /** Characters that are still missing. */
  readonly missing: number;
  /** 0 to 1, for the bar. */
  readonly share: number;
}

const goodAt = 18;

/** Counts characters as people see code points, not UTF-16 units: an emoji is one. */
export function strengthOf(password: string): Strength {
  const length = [...password.normalize('NFKC')].length;
  const { least } = limits.password;
  const share = Math.min(1, length / goodAt);
  if (length === 0) return { step: 'empty', missing: least, share };
  if (length < least) return { step: 'short', missing: least - length, share };
  return { step: length < goodAt ? 'enough' : 'good', missing: 0, share };
}
