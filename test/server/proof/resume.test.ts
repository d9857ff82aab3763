import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roomsOf } from '../../../server/auth/principal.ts';
import { readLog } from '../../../server/hub/log.ts';
import { reachesPerson } from '../../../server/hub/room.ts';
import type { ConversationId } from '../../../shared/contract/id.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import type { Cursor } from '../../../shared/contract/wire.ts';
import type { Live } from '../../../shared/live/apply.ts';
import { Floor } from '../../support/floor.ts';
import { StaffClient } from '../../support/staff-client.ts';
import { Stage, shown, type Viewer } from '../../support/stage.ts';
import { until } from '../../support/wait.ts';

/** I4: whoever comes back gets everything since, or an explicit snapshot; never a hole. */
let floor: Floor;
let beside: Floor;
let stage: Stage;
let conversationId: ConversationId;

beforeAll(async () => {
  floor = await Floor.start({ rates: false });
  stage = await Stage.open(floor);
  ({ conversationId } = await stage.served());
});
afterAll(async () => {
  await beside?.close();
  await floor.close();
});

interface Left {
  readonly resume: Cursor;
  readonly live: Live;
}

/** What a screen of this person holds now, as it would keep it while it is away. */
async function leaves(name: Viewer): Promise<Left> {
  const position = await stage.settle();
  const { live, cursor } = stage.of(name);
  if (live === null || cursor === null) throw new Error(`${name}'s screen is empty`);
  return { resume: { epoch: cursor.epoch, position }, live };
}

async function returns(name: Viewer, left: Partial<Left>, at: Floor = floor): Promise<StaffClient> {
  const token = await floor.token(stage.home, name);
  return StaffClient.connect({ url: at.url, token, organisationId: stage.home.id, ...left });
}

const framesNamed = (screen: StaffClient, name: string): unknown[] => screen.frames.filter(([frame]) => frame === name);

async function isRight(screen: StaffClient, name: Viewer): Promise<void> {
  await stage.settle([screen]);
  const fresh = await returns(name, {});
  expect(shown(screen.now, floor.now)).toEqual(shown(fresh.now, floor.now));
  fresh.close();
}

async function says(count: number, prefix = 'Line'): Promise<void> {
  for (let at = 0; at < count; at += 100)
    await Promise.all(
      Array.from({ length: Math.min(100, count - at) }, (_, n) =>
        stage.does('Priya', 'message:send', { conversationId, text: `${prefix} ${at + n}` }),
      ),
    );
}

describe('coming back', () => {
  test('after a little: the events since, and no snapshot', async () => {
    const left = await leaves('Tomasz');
    await says(5);
    const back = await returns('Tomasz', left);
    expect(back.snapshots).toBe(0);
    expect(back.heard('message:sent').map(({ text }) => text)).toEqual([
      'Line 0',
      'Line 1',
      'Line 2',
      'Line 3',
      'Line 4',
    ]);
    await isRight(back, 'Tomasz');
    back.close();
  });

  test('with nothing missed: ready at once, and nothing else', async () => {
    const left = await leaves('Tomasz');
    const back = await returns('Tomasz', left);
    expect([back.snapshots, back.events.length]).toEqual([0, 0]);
    expect(back.cursor).toEqual(left.resume);
    back.close();
  });

  test('to a hub whose memory does not reach back: from the log, with the words', async () => {
    const left = await leaves('Tomasz');
    await says(30, 'From the log');
    beside ??= await Floor.start({ beside: floor, rates: false });
    const back = await returns('Tomasz', left, beside);
    expect(back.snapshots).toBe(0);
    expect(back.heard('message:sent').map(({ text }) => text)).toEqual(
      Array.from({ length: 30 }, (_, at) => `From the log ${at}`),
    );
    await isRight(back, 'Tomasz');
    back.close();
  });

  test('to that hub after more than 2,000: a snapshot; to one that remembers: the events', async () => {
    const left = await leaves('Tomasz');
    await says(2050);
    // One that has not followed this organisation yet.
    await beside?.close();
    beside = await Floor.start({ beside: floor, rates: false });
    const far = await returns('Tomasz', left, beside);
    expect(far.snapshots).toBe(1);
    expect(framesNamed(far, 'replay')).toEqual([]);
    await isRight(far, 'Tomasz');
    const near = await returns('Tomasz', left);
    expect(near.snapshots).toBe(0);
    expect(near.events.length).toBe(2050);
    await isRight(near, 'Tomasz');
    far.close();
    near.close();
  }, 40_000);

  test('from another history: a snapshot, whatever the number says', async () => {
    const { resume, live } = await leaves('Tomasz');
    for (const position of [0, resume.position, resume.position + 5]) {
      const back = await returns('Tomasz', { resume: { epoch: newId(0), position }, live });
      expect(back.snapshots).toBe(1);
      await isRight(back, 'Tomasz');
      back.close();
    }
  });

  test('ahead of the log: a snapshot, after waiting for what might come', async () => {
    const { resume, live } = await leaves('Tomasz');
    const back = await returns('Tomasz', { resume: { ...resume, position: resume.position + 1000 }, live });
    expect(back.snapshots).toBe(1);
    expect(back.now.position).toBe(resume.position);
    back.close();
  });

  test('ahead of a hub that lags: it waits for that hub, and needs no snapshot', async () => {
    beside ??= await Floor.start({ beside: floor, rates: false });
    // That hub follows the organisation from here on, and hears of commits only by its own look once a second.
    const there = await returns('Mei', {}, beside);
    await says(3);
    const left = await leaves('Tomasz');
    const back = await returns('Tomasz', left, beside);
    // Frames of what it has already may pass by while that hub catches up; the screen takes none of them.
    expect([back.snapshots, back.now.position]).toEqual([0, left.resume.position]);
    await isRight(back, 'Tomasz');
    there.close();
    back.close();
  });

  test('after rights moved: a snapshot of what may be seen now', async () => {
    const left = await leaves('Ines');
    const personId = stage.home.person('Ines');
    await stage.does('Marta', 'person:set-teams', { personId, teamIds: [], supervises: [stage.home.team('Travel')] });
    const back = await returns('Ines', left);
    expect(back.snapshots).toBe(1);
    expect(back.now.conversations.has(conversationId)).toBe(false);
    await isRight(back, 'Ines');
    const supervises = [stage.home.team('Banking'), stage.home.team('Travel')];
    await stage.does('Marta', 'person:set-teams', { personId, teamIds: [], supervises });
    back.close();
  });

  test('after a conversation went out of sight: it is gone', async () => {
    const { conversationId: moved } = await stage.waiting();
    const left = await leaves('Tomasz');
    await stage.does('Tomasz', 'conversation:transfer', {
      conversationId: moved,
      to: { kind: 'queue', queueId: stage.queue('Travel') },
    });
    const back = await returns('Tomasz', left);
    expect(back.now.conversations.has(moved)).toBe(false);
    await isRight(back, 'Tomasz');
    back.close();
  });

  test('with a cursor for another organisation: a snapshot of the own one', async () => {
    const away = await floor.organisation();
    const { live } = await leaves('Tomasz');
    const token = await floor.token(away, 'Tomasz');
    // The screen had another organisation's rows; nothing of its log may be replayed on them.
    const back = await StaffClient.connect({
      url: floor.url,
      token,
      organisationId: away.id,
      resume: { epoch: live.epoch, position: 1_000_000 },
    });
    expect(back.snapshots).toBe(1);
    expect(back.now.organisationId).toBe(away.id);
    back.close();
  });
});

test('cut again and again in the middle of a burst: every event once, in order, none left out', async () => {
  const names = ['Tomasz', 'Marta', 'Omar', 'Leo'] as const;
  const start = await stage.settle();
  const before = new Map(names.map((name) => [name, stage.of(name).events.length]));
  const snapshots = new Map(names.map((name) => [name, stage.of(name).snapshots]));
  const burst = Promise.all([
    says(400, 'Burst'),
    (async () => {
      for (let at = 0; at < 12; at += 1) {
        const { conversationId: other } = await stage.waiting();
        await stage.does('Omar', 'conversation:take', { conversationId: other });
      }
    })(),
  ]);
  let going = true;
  void burst.finally(() => {
    going = false;
  });
  for (let round = 0; going; round += 1) {
    const screen = stage.of(names[round % names.length] ?? 'Tomasz');
    // Not while it sends: a command that waits for its answer would wait in vain.
    if (screen !== stage.of('Omar')) screen.cut();
    await until('it to be back', () => screen.ready && screen.socket.connected);
  }
  await burst;
  const end = await stage.settle();
  const log = await readLog(floor.db.system, stage.home.id, start, end, 5000);
  for (const name of names) {
    const screen = stage.of(name);
    const person = screen.now.people.get(stage.home.person(name));
    if (person === undefined) throw new Error(`${name} is nobody`);
    const mine = new Set<string>(roomsOf(person));
    const expected = log.filter(({ audience }) => reachesPerson(audience, mine)).map(({ event }) => event.position);
    const heard = screen.events.slice(before.get(name)).map(({ position }) => position);
    expect(screen.snapshots, `${name} needed no snapshot`).toBe(snapshots.get(name));
    expect(heard, name).toEqual(expected);
    await isRight(screen, name);
  }
  expect(log.length).toBeGreaterThan(400);
}, 60_000);
