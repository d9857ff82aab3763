import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLog } from '../../../server/hub/log.ts';
import type { CommandName } from '../../../shared/contract/command.ts';
import type { Event } from '../../../shared/contract/event.ts';
import type { FlagId, SessionId } from '../../../shared/contract/id.ts';
import { monitoringPolicies } from '../../../shared/contract/policy.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { Floor } from '../../support/floor.ts';
import { customerFrame, type Scenario, scenarios } from '../../support/scenario.ts';
import { StaffClient } from '../../support/staff-client.ts';
import { Stage, shown, type Viewer, viewers } from '../../support/stage.ts';
import { until } from '../../support/wait.ts';

/**
 * I3: for every command and every timed job, and for everybody who looks: what a screen held, moved on by the frames that came,
 * is what a fresh screen shows; and what a screen that comes back is given leads there too.
 */
let floor: Floor;
beforeAll(async () => {
  floor = await Floor.start({ now: Date.UTC(2026, 0, 5, 9), rates: false, graceMs: 60_000 });
});
afterAll(() => floor.close());

interface Before {
  readonly shown: object;
  readonly cursor: NonNullable<StaffClient['cursor']>;
  readonly live: NonNullable<StaffClient['live']>;
  readonly events: number;
}

/** Does something, and holds every screen against a fresh one and one that resumes. Answers who saw a change, and the events. */
async function converges(stage: Stage, act: () => Promise<unknown>): Promise<{ moved: Viewer[]; events: Event[] }> {
  const start = await stage.settle();
  const before = new Map<Viewer, Before>();
  for (const name of viewers) {
    const screen = stage.of(name);
    if (!screen.socket.connected) continue;
    const { live, cursor } = screen;
    if (live === null || cursor === null) throw new Error(`${name}'s screen is empty`);
    // Nothing was going on: the screen may stand at the log's end, as the beat of every second tells it.
    const at = { epoch: cursor.epoch, position: start };
    before.set(name, { shown: shown(live, floor.now), cursor: at, live, events: screen.events.length });
  }
  await act();
  const end = await stage.settle();
  const log = await readLog(floor.db.system, stage.home.id, start, end, 5000);
  expect(log.length, 'every position of the log').toBe(end - start);
  expect(log.map(({ event }) => event.position)).toEqual(log.map((_sent, at) => start + at + 1));

  const moved: Viewer[] = [];
  for (const name of viewers) {
    const screen = stage.of(name);
    const old = before.get(name);
    if (old === undefined || !screen.socket.connected) continue;
    const token = await floor.token(stage.home, name);
    const common = { url: floor.url, token, organisationId: stage.home.id };
    const [fresh, back] = await Promise.all([
      StaffClient.connect(common),
      StaffClient.connect({ ...common, resume: old.cursor, live: old.live }),
    ]);
    const now = shown(screen.now, floor.now);
    expect(now, `${name}: frames lead to what the database holds`).toEqual(shown(fresh.now, floor.now));
    expect(shown(back.now, floor.now), `${name}: coming back leads to what the database holds`).toEqual(now);
    const heard = screen.events.slice(old.events);
    expect(heard, `${name}: what was sent is what the log gives back`).toEqual(
      heard.map(({ position }) => log.find(({ event }) => event.position === position)?.event),
    );
    const seen = heard.map(({ position }) => position);
    expect(seen, `${name}: positions only grow`).toEqual([...new Set(seen)].sort((a, b) => a - b));
    if (!sameShown(now, old.shown)) moved.push(name);
    fresh.close();
    back.close();
  }
  return { moved, events: log.map(({ event }) => event) };
}

const sameShown = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

async function onStage(run: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await Stage.open(floor);
  try {
    await run(stage);
  } finally {
    stage.close();
  }
}

/** Gives the scenario's command through the door of whoever it belongs to. */
async function give<N extends CommandName>(stage: Stage, name: N, scenario: Scenario<N>): Promise<() => Promise<void>> {
  const { input, customer } = await scenario.prepare(stage);
  return async () => {
    if (scenario.by !== 'customer') {
      await stage.does(scenario.by, name, input);
      return;
    }
    const [frame, body] = customerFrame(name, newId(floor.now), input);
    const answer = await customer?.frame(frame, body);
    if (answer?.ok !== true) throw new Error(`${name} was refused`);
  };
}

describe('every command', () => {
  const names = Object.keys(scenarios) as CommandName[];
  test.each(names)('%s', (name) =>
    onStage(async (stage) => {
      // A name and its scenario belong together by the table's type.
      const scenario = scenarios[name] as Scenario<CommandName>;
      const { moved, events } = await converges(stage, await give(stage, name, scenario));
      expect(events.length, 'a command that changes nothing proves nothing').toBeGreaterThan(0);
      if (scenario.moves === 'screens') expect(moved.length, 'nobody saw a change').toBeGreaterThan(0);
    }),
  );
});

/** What no command of a person does: it is due, or it follows from the world. */
const timed: Readonly<
  Record<string, { readonly heard: Event['type']; run(stage: Stage): Promise<() => Promise<unknown>> }>
> = {
  'offer:route': {
    heard: 'offer:made',
    run: async (stage) => {
      await stage.waiting();
      return () =>
        stage.does('Priya', 'person:set-status', { personId: stage.home.person('Priya'), status: 'available' });
    },
  },
  'offer:expire': {
    heard: 'offer:expired',
    run: async (stage) => {
      await stage.offered();
      return () => floor.pass(30_001);
    },
  },
  'offer:route, again after a decline': {
    heard: 'offer:made',
    run: async (stage) => {
      const { conversationId, offerId } = await stage.offered();
      await stage.does('Priya', 'offer:decline', { conversationId, offerId });
      return () => floor.pass(15_001);
    },
  },
  'person:mark-unreachable, and supervision:review of a claim and a voice': {
    heard: 'flag:released',
    run: async (stage) => {
      const { flagId, sessionId } = await stage.flagged();
      await stage.does('Tomasz', 'flag:claim', { flagId });
      await stage.does('Tomasz', 'supervision:join', { sessionId });
      return () => goes(stage, 'Tomasz');
    },
  },
  'person:mark-reachable': {
    heard: 'person:reachable',
    run: async (stage) => {
      await goes(stage, 'Leo');
      return async () => {
        stage.of('Leo').socket.connect();
        await until('Leo to be back', () => stage.of('Leo').ready);
        await stage.of('Grace').sees('Leo reachable', (live) => live.people.get(stage.home.person('Leo'))?.reachable);
      };
    },
  },
  'supervision:review of a right that was taken away': {
    heard: 'supervision:left',
    run: async (stage) => {
      const { flagId, sessionId } = await stage.flagged();
      await stage.does('Ines', 'flag:claim', { flagId });
      await stage.does('Ines', 'supervision:monitor', { sessionId });
      return () =>
        stage.does('Marta', 'person:set-teams', {
          personId: stage.home.person('Ines'),
          teamIds: [],
          supervises: [stage.home.team('Travel')],
        });
    },
  },
  'flag:escalate, to every supervisor': {
    heard: 'flag:escalated',
    run: async (stage) => {
      const { sessionId } = await stage.flagged(true);
      await stage.does('Tomasz', 'side-chat:say', { sessionId, text: 'One moment.' });
      return () => floor.pass(120_000);
    },
  },
  'flag:escalate, to everyone': {
    heard: 'flag:escalated',
    run: async (stage) => {
      await stage.flagged();
      await floor.pass(120_000);
      return () => floor.pass(180_000);
    },
  },
  'flag:escalate at once, because nobody is there': {
    heard: 'flag:escalated',
    run: async (stage) => {
      const { sessionId } = await stage.served();
      await goes(stage, 'Tomasz');
      await goes(stage, 'Ines');
      const input = { sessionId, reasonId: stage.reason(), message: 'Is anybody there?', askJoin: false };
      return () => stage.does('Priya', 'flag:raise', input);
    },
  },
  'conversation:requeue of two at once': {
    heard: 'conversation:queued',
    run: async (stage) => {
      await stage.flagged();
      await stage.served();
      return () => stage.does('Grace', 'person:deactivate', { personId: stage.home.person('Priya') });
    },
  },
};

/** Every connection of somebody is gone for longer than the grace delay. */
async function goes(stage: Stage, name: Viewer): Promise<void> {
  stage.of(name).close();
  const id = stage.home.person(name);
  await until(`${name} to be noted as gone`, async () => {
    const { rows } = await floor.db.system.query('select from presence where person_id = $1 and gone_since is null', [
      id,
    ]);
    return rows.length === 0;
  });
  await floor.pass(60_001);
  await stage.of('Grace').sees(`${name} unreachable`, (live) => live.people.get(id)?.reachable === false);
}

describe('what is due, and what the world does', () => {
  test.each(Object.entries(timed))('%s', (_name, { heard, run }) =>
    onStage(async (stage) => {
      const { moved, events } = await converges(stage, await run(stage));
      expect(events.map(({ type }) => type)).toContain(heard);
      expect(moved.length).toBeGreaterThan(0);
    }),
  );
});

describe('what the agent may not know of', () => {
  test.each(monitoringPolicies)(
    'monitoring policy %s: every screen shows its own part of it, and all of that',
    (policy) =>
      onStage(async (stage) => {
        if (policy !== 'announced') await stage.does('Marta', 'organisation:set-monitoring', { policy });
        const { sessionId } = await stage.flagged();
        await stage.does('Priya', 'side-chat:say', { sessionId, text: 'Are you there?' });
        const priya = policy === 'announced' ? ['Priya'] : [];
        const knows = ['Ines', 'Tomasz', 'Marta', 'Grace'];
        const watch = await converges(stage, () => stage.does('Tomasz', 'supervision:monitor', { sessionId }));
        expect(watch.moved.sort()).toEqual([...priya, ...knows].sort());
        const read = await converges(stage, () => stage.does('Tomasz', 'side-chat:mark-read', { sessionId }));
        expect(read.moved).toEqual(['Tomasz']);
        await converges(stage, () => stage.does('Ines', 'supervision:monitor', { sessionId }));
        // Who joins is shown after who has watched all along, wherever each began.
        await converges(stage, () => stage.does('Tomasz', 'supervision:join', { sessionId }));
        await converges(stage, () => stage.does('Tomasz', 'side-chat:say', { sessionId, text: 'I am.' }));
        await converges(stage, () => stage.does('Ines', 'supervision:leave', { sessionId }));
        await stage.does('Ines', 'supervision:monitor', { sessionId });
        await converges(stage, () => stage.does('Tomasz', 'supervision:take-over', { sessionId }));
      }),
  );
});

/** The suite sees a session end in one way here, as every command above ends it too; the proof in each. */
const endings = ['transfer', 'close', 'take over', 'customer leaves'] as const;

describe('sight that moves', () => {
  test('a waiting conversation goes to the other team: one gets it whole, the other a tombstone and right figures', () =>
    onStage(async (stage) => {
      const { conversationId, customer } = await stage.waiting();
      await customer.says('I am still here.');
      const { moved } = await converges(stage, () =>
        stage.does('Marta', 'conversation:transfer', {
          conversationId,
          to: { kind: 'queue', queueId: stage.queue('Travel') },
        }),
      );
      expect(moved).toEqual(expect.arrayContaining(['Priya', 'Omar', 'Leo', 'Tomasz', 'Mei', 'Ines']));
      expect(stage.of('Tomasz').now.conversations.has(conversationId)).toBe(false);
      expect(stage.of('Mei').now.conversations.has(conversationId)).toBe(true);
      await converges(stage, () =>
        stage.does('Mei', 'conversation:transfer', {
          conversationId,
          to: { kind: 'queue', queueId: stage.queue('Banking') },
        }),
      );
      expect(stage.of('Mei').now.conversations.has(conversationId)).toBe(false);
    }));

  test('a served conversation goes to a person of the other team, and back into its queue', () =>
    onStage(async (stage) => {
      const { conversationId, sessionId } = await stage.flagged();
      await stage.does('Leo', 'person:set-status', { personId: stage.home.person('Leo'), status: 'available' });
      await stage.does('Tomasz', 'side-chat:say', { sessionId, text: 'One moment.' });
      await converges(stage, () =>
        stage.does('Priya', 'conversation:transfer', {
          conversationId,
          to: { kind: 'person', personId: stage.home.person('Leo') },
        }),
      );
      expect(stage.of('Mei').now.conversations.has(conversationId)).toBe(true);
      await stage.does('Leo', 'person:set-status', { personId: stage.home.person('Leo'), status: 'busy' });
      await converges(stage, () =>
        stage.does('Leo', 'conversation:transfer', {
          conversationId,
          to: { kind: 'queue', queueId: stage.queue('Banking') },
        }),
      );
      expect(stage.of('Leo').now.conversations.has(conversationId)).toBe(false);
      expect(stage.of('Mei').now.sessions.size).toBe(0);
    }));

  test.each(process.env.HALYARD_PROOF === '1' ? endings : endings.slice(0, 1))(
    'S1.19 escalation: whom a flag has reached helps until the session ends, then sees none of it: %s',
    (how) =>
      onStage(async (stage) => {
        const { conversationId, sessionId, flagId, customer } = await stage.flagged(true);
        await floor.pass(120_000);
        await stage.settle();
        const mei = stage.of('Mei');
        expect([mei.now.conversations.has(conversationId), mei.now.sessions.has(sessionId)]).toEqual([true, true]);
        await converges(stage, () => stage.does('Mei', 'supervision:join', { sessionId }));
        await converges(stage, () => stage.does('Mei', 'side-chat:say', { sessionId, text: 'I am here.' }));
        await converges(stage, () => stage.does('Priya', 'flag:lower', { flagId, outcome: 'joined' }));
        expect(mei.now.sessions.has(sessionId)).toBe(true);
        const again = { sessionId, reasonId: stage.reason(), message: 'Once more, please.', askJoin: false };
        await converges(stage, () => stage.does('Priya', 'flag:raise', again));
        await converges(stage, async () => {
          if (how === 'close') await stage.does('Priya', 'conversation:close', { conversationId });
          else if (how === 'transfer')
            await stage.does('Priya', 'conversation:transfer', {
              conversationId,
              to: { kind: 'queue', queueId: stage.queue('Banking') },
            });
          else if (how === 'take over') await stage.does('Tomasz', 'supervision:take-over', { sessionId });
          else await customer.frame('close', { id: newId(floor.now), conversationId });
        });
        expect(mei.now.conversations.has(conversationId)).toBe(false);
        expect(mei.now.sessions.size).toBe(0);
        expect(mei.now.flags.size).toBe(0);
      }),
  );

  test('many things at once: routing, a review and a requeue of dozens take no more rounds than of one', () =>
    onStage(async (stage) => {
      const many = Array.from({ length: 24 }, (_, at) => at);
      await stage.does('Marta', 'person:set-capacity', { personId: stage.home.person('Priya'), capacity: 50 });
      const waiting = await Promise.all(many.map(() => stage.waiting()));
      await converges(stage, () =>
        stage.does('Priya', 'person:set-status', { personId: stage.home.person('Priya'), status: 'available' }),
      );
      expect([...stage.of('Priya').now.conversations.values()].filter((one) => one.offer !== null)).toHaveLength(24);
      for (const { conversationId } of waiting) {
        const offerId = stage.of('Priya').now.conversations.get(conversationId)?.offer?.id;
        if (offerId === undefined) throw new Error('there is no offer');
        const { sessionId } = await stage.of('Priya').does('offer:accept', { conversationId, offerId });
        const id = sessionId as SessionId;
        const input = { sessionId: id, reasonId: stage.reason(), message: 'Help, please.', askJoin: false };
        const { flagId } = await stage.of('Priya').does('flag:raise', input);
        await stage.does('Ines', 'flag:claim', { flagId: flagId as FlagId });
        await stage.does('Ines', 'supervision:monitor', { sessionId: id });
      }
      const { events: released } = await converges(stage, () =>
        stage.does('Marta', 'person:set-teams', { personId: stage.home.person('Ines'), teamIds: [], supervises: [] }),
      );
      expect(released.filter(({ type }) => type === 'flag:released' || type === 'supervision:left')).toHaveLength(48);
      const { events: queued } = await converges(stage, () =>
        stage.does('Marta', 'person:deactivate', { personId: stage.home.person('Priya') }),
      );
      expect(queued.filter(({ type }) => type === 'conversation:queued')).toHaveLength(24);
      expect(queued.filter(({ type }) => type === 'flag:lowered')).toHaveLength(24);
      expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
    }));

  test('minutes: a conversation from start to close over several minutes counts the same on screens and in the database', () =>
    onStage(async (stage) => {
      await converges(stage, async () => {
        const { conversationId, customer } = await stage.waiting();
        await floor.pass(70_000);
        await stage.does('Priya', 'conversation:take', { conversationId });
        await stage.does('Priya', 'message:send', { conversationId, text: 'Good morning.' });
        await customer.says('At last.');
        const second = await stage.served();
        await stage.does('Priya', 'message:send', { conversationId: second.conversationId, text: 'Hello.' });
        await floor.pass(50_000);
        await second.customer.frame('close', { id: newId(floor.now), conversationId: second.conversationId });
        await stage.does('Omar', 'person:set-status', { personId: stage.home.person('Omar'), status: 'busy' });
        await stage.does('Priya', 'conversation:close', { conversationId });
      });
      const minutes = [...stage.of('Tomasz').now.minutes.values()];
      const sum = (of: (minute: (typeof minutes)[number]) => number): number =>
        minutes.reduce((all, one) => all + of(one), 0);
      expect(sum((one) => one.started)).toBe(2);
      expect(sum((one) => one.closed)).toBe(2);
      expect(sum((one) => one.answered)).toBe(2);
      expect(sum((one) => one.answeredInTime)).toBe(1);
      expect(Math.max(...minutes.map((one) => one.longestWait))).toBe(70_000);
    }));

  test('an hour and a day later the figures have gone, on screens and in the database', () =>
    onStage(async (stage) => {
      // Nothing is to happen meanwhile: the flag calls nobody further.
      await stage.does('Marta', 'organisation:set-escalation', { steps: [{ reach: 'own', afterMs: 0 }] });
      await stage.flagged();
      await stage.settle();
      // What each held then: a sign-in session does not live through a day of silence, a wall's memory must.
      const held = viewers.map((name) => ({ name, live: stage.of(name).now }));
      for (const ms of [61 * 60_000, 24 * 3_600_000]) {
        await floor.pass(ms);
        for (const { name, live } of held) {
          const token = await floor.token(stage.home, name);
          const fresh = await StaffClient.connect({ url: floor.url, token, organisationId: stage.home.id });
          expect(shown(live, floor.now), name).toEqual(shown(fresh.now, floor.now));
          // The flag is still up, so it stays in Raised Flags; only the figures let it go.
          if (name === 'Tomasz') {
            expect(fresh.now.flags.size).toBe(1);
            expect(fresh.now.minutes.size).toBe(0);
            expect(fresh.now.recentFlags.size).toBe(ms > 3_600_000 * 2 ? 0 : 1);
          }
          fresh.close();
        }
      }
    }));

  test('rights that move several times at once, in the middle of traffic, leave no hole and no old sight', () =>
    onStage(async (stage) => {
      const { conversationId, sessionId } = await stage.flagged();
      const ines = stage.home.person('Ines');
      const leads = [[stage.home.team('Travel')], [stage.home.team('Banking'), stage.home.team('Travel')], []];
      await converges(stage, async () => {
        for (let round = 0; round < 4; round += 1) {
          const at = (n: number) => leads[(round + n) % leads.length] ?? [];
          await Promise.all([
            stage.does('Marta', 'person:set-teams', { personId: ines, teamIds: [], supervises: at(0) }),
            stage.does('Grace', 'person:set-teams', { personId: ines, teamIds: [], supervises: at(1) }),
            ...Array.from({ length: 20 }, (_, line) =>
              stage.does('Priya', 'message:send', { conversationId, text: `Line ${round}.${line}` }),
            ),
            ...Array.from({ length: 20 }, (_, line) =>
              stage.does('Priya', 'side-chat:say', { sessionId, text: `Private ${round}.${line}` }),
            ),
          ]);
        }
      });
    }));
});
