import { expect, test } from 'vitest';
import { Floor } from '../../support/floor.ts';
import { Stage, shown } from '../../support/stage.ts';
import { until } from '../../support/wait.ts';

type Answered = (error: Error | null, result: unknown) => void;

/** Holds back the answers of snapshots that have been read, and lets them go one by one, oldest first. */
function holdSnapshots(floor: Floor): { readonly held: (() => void)[]; stop(): void } {
  const held: (() => void)[] = [];
  const pool = floor.db.app;
  const connect = pool.connect.bind(pool);
  let on = true;
  Reflect.set(pool, 'connect', async (callback?: unknown) => {
    // The pool's own queries come with a callback, and are none of ours.
    if (callback !== undefined) return Reflect.apply(connect, pool, [callback]);
    const client = await connect();
    const query = client.query.bind(client) as (config: { text: string }, answered: Answered) => void;
    let reading = false;
    Reflect.set(client, 'query', (config: { text: string }, answered: Answered) => {
      if (config.text.startsWith('begin isolation')) reading = on;
      const last = reading && config.text === 'commit';
      query(config, last ? (error, result) => void held.push(() => answered(error, result)) : answered);
    });
    const release = client.release.bind(client);
    Reflect.set(client, 'release', (broken?: boolean) => {
      Reflect.deleteProperty(client, 'query');
      Reflect.deleteProperty(client, 'release');
      release(broken);
    });
    return client;
  });
  return {
    held,
    stop: () => {
      on = false;
      Reflect.deleteProperty(pool, 'connect');
      for (const go of held.splice(0)) go();
    },
  };
}

test('a snapshot that was read before newer facts never comes after them, when rights move twice in a row', async () => {
  const floor = await Floor.start({ rates: false });
  try {
    const stage = await Stage.open(floor);
    const leo = stage.of('Leo');
    const { held, stop } = holdSnapshots(floor);
    // Rights move twice, so the screen is told twice to read everything again.
    for (const [at, role] of (['supervisor', 'agent'] as const).entries()) {
      await stage.does('Marta', 'person:set-role', { personId: stage.home.person('Leo'), role });
      await until('a snapshot to be read', () => held.length === at + 1);
    }
    held.shift()?.();
    await leo.raw(null);
    await stage.does('Priya', 'person:set-status', { personId: stage.home.person('Priya'), status: 'break' });
    await leo.raw(null);
    held.shift()?.();
    stop();
    await stage.settle();
    const fresh = await floor.staff(stage.home, 'Leo');
    expect(leo.now.people.get(stage.home.person('Priya'))?.status).toBe('break');
    expect(shown(leo.now, floor.now)).toEqual(shown(fresh.now, floor.now));
  } finally {
    await floor.close();
  }
});
