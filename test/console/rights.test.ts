import { expect, test } from 'vitest';
import type { ConversationRights } from '../../console/rights.ts';
import { flagSwitchedOff, rightsIn } from '../../console/rights.ts';
import { rosa, tell } from '../../console/specimen/story.ts';
import type { Conversation } from '../../shared/contract/conversation.ts';
import { permissionsOf, type Role } from '../../shared/contract/permission.ts';
import type { Live } from '../../shared/live/apply.ts';

function rights(state: string, change: (live: Live) => Live = (live) => live): ConversationRights {
  const { live } = tell(state, 1_800_000_000_000);
  const conversation = live?.conversations.get(rosa);
  if (live == null || conversation === undefined) throw new Error(state);
  const [session] = live.sessions.values();
  return rightsIn(conversation, session ?? null, change(live));
}

const as =
  (name: string, role: Role) =>
  (live: Live): Live => {
    const person = [...live.people.values()].find((one) => one.name === name);
    if (person === undefined) throw new Error(name);
    return { ...live, me: { personId: person.id, permissions: new Set(permissionsOf[role]) } };
  };

test('the agent in charge writes, flags, transfers and closes', () => {
  expect(rights('calm')).toEqual({
    mine: true,
    writesAs: 'agent',
    take: false,
    transfer: true,
    close: true,
    flag: true,
  });
});

test('a colleague reads along and no more', () => {
  expect(rights('reading')).toEqual({
    mine: false,
    writesAs: null,
    take: false,
    transfer: false,
    close: false,
    flag: false,
  });
});

test('an unassigned one can be taken by whoever serves', () => {
  expect(rights('waiting')).toMatchObject({ take: true, flag: false, writesAs: null, close: false });
  expect(rights('waiting', as('Leo Fontaine', 'admin'))).toMatchObject({ take: false, transfer: false, close: true });
});

test('a supervisor writes once joined, not while monitoring, and never raises on it', () => {
  expect(rights('joined', as('Ines Okafor', 'supervisor'))).toMatchObject({
    writesAs: 'supervisor',
    flag: false,
    mine: false,
  });
  expect(rights('seen', as('Ines Okafor', 'supervisor'))).toMatchObject({ writesAs: null });
});

test('nothing can be done with a closed one', () => {
  const { live } = tell('calm', 1_800_000_000_000);
  const conversation = live?.conversations.get(rosa);
  if (live == null || conversation === undefined) throw new Error('no floor');
  expect(Object.values(rightsIn({ ...conversation, lifecycle: 'closed' }, null, live)).some(Boolean)).toBe(false);
});

test('S1.3: on Legacy Chat there is a flag only where the team has it switched on; the side chat’s people stay as they are', () => {
  expect(rights('legacy')).toMatchObject({ mine: true, writesAs: 'agent', flag: false, transfer: true, close: true });
  expect(rights('legacy on')).toMatchObject({ mine: true, flag: true });
  expect(rights('messaging')).toMatchObject({ mine: true, flag: true });
});

test('S1.3: it is the switch alone that is told as the reason', () => {
  const why = (state: string, over: Partial<Conversation> = {}): boolean => {
    const { live } = tell(state, 1_800_000_000_000);
    const conversation = live?.conversations.get(rosa);
    if (live == null || conversation === undefined) throw new Error(state);
    return flagSwitchedOff({ ...conversation, ...over }, live);
  };
  expect(why('legacy')).toBe(true);
  expect(why('legacy on')).toBe(false);
  expect(why('calm')).toBe(false);
  expect(why('legacy', { assigneeId: null })).toBe(false);
  expect(why('legacy', { lifecycle: 'closed' })).toBe(false);
});
