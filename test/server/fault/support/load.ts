import { expect } from 'vitest';
import { newId } from '../../../../shared/contract/uuid.ts';
import { until } from '../../../support/wait.ts';
import type { House, Serving } from './house.ts';

/** Answers after which a screen sends the same command again. */
const again = ['try_again', 'outcome_unknown', 'rate_limited', 'disconnected'];

/** One command that was sent, as often as it took. */
export interface Tried {
  readonly type: 'flag:raised' | 'flag:lowered';
  readonly id: string;
  readonly startedAt: number;
  readonly answeredAt: number;
  readonly ok: boolean;
  readonly codes: readonly string[];
  /** The longest that one sending waited for its answer, ms. */
  readonly longestMs: number;
}

/** Everybody raises and lowers without a pause until told to stop; resolves with what was sent. */
export function load(staff: readonly Serving[]): { stop(): Promise<Tried[]>; answered(): number } {
  let working = true;
  const tried: Tried[] = [];
  const work = async ({ screen, sessionId, reasonId }: Serving): Promise<void> => {
    const send = async (type: Tried['type'], run: (id: never) => Promise<{ ok: boolean; code: string }>) => {
      const id = newId<'command'>(Date.now());
      const startedAt = performance.now();
      const codes: string[] = [];
      let longestMs = 0;
      for (;;) {
        await until('a connection', () => screen.ready && screen.socket.connected, 30_000);
        const from = performance.now();
        const answer = await run(id as never).catch(() => ({ ok: false, code: 'disconnected' }));
        longestMs = Math.max(longestMs, performance.now() - from);
        if (answer.ok) break;
        codes.push(answer.code);
        if (!again.includes(answer.code)) break;
        await new Promise((resume) => setTimeout(resume, 50));
      }
      const ok = !codes.some(
        (code) => !['try_again', 'outcome_unknown', 'rate_limited', 'disconnected'].includes(code),
      );
      tried.push({ type, id, startedAt, answeredAt: performance.now(), ok, codes, longestMs });
    };
    while (working) {
      let flagId = '';
      await send('flag:raised', async (id) => {
        const answer = await screen.send('flag:raise', { sessionId, reasonId, message: 'Help.', askJoin: false }, id);
        if (answer.ok) flagId = answer.value.flagId;
        return { ok: answer.ok, code: answer.ok ? '' : answer.refusal.code };
      });
      await send('flag:lowered', async (id) => {
        const answer = await screen.send('flag:lower', { flagId: flagId as never, outcome: 'answered' }, id);
        return { ok: answer.ok, code: answer.ok ? '' : answer.refusal.code };
      });
    }
  };
  const all = Promise.all(staff.map(work));
  return {
    answered: () => tried.length,
    stop: async () => {
      working = false;
      await all;
      return tried;
    },
  };
}

/** I1 and I5: everything that was acknowledged happened, once; and every refusal was one to try again upon. */
export async function nothingLostOrDoubled(house: House, tried: readonly Tried[]): Promise<void> {
  for (const type of ['flag:raised', 'flag:lowered'] as const) {
    const some = tried.filter((one) => one.type === type);
    const times = await house.happened(
      type,
      some.map(({ id }) => id),
    );
    expect(some.filter(({ ok }) => !ok)).toEqual([]);
    expect(some.filter(({ id }) => times.get(id) !== 1)).toEqual([]);
  }
}
