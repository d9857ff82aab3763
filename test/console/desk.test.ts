import { describe, expect, test } from 'vitest';
import { Desk } from '../../console/desk.svelte.ts';
import { rosa } from '../../console/specimen/story.ts';
import type { Event } from '../../shared/contract/event.ts';
import { newId } from '../../shared/contract/uuid.ts';
import { HandFloor } from './hand-floor.svelte.ts';
import { handPlace } from './place.ts';

const now = 1_800_000_000_000;

function desk(state = 'calm', hash = ''): { desk: Desk; floor: HandFloor; place: ReturnType<typeof handPlace> } {
  const floor = new HandFloor(state, now);
  const place = handPlace(hash);
  return { desk: new Desk(floor, 'inbox', place), floor, place };
}

function customerLine(floor: HandFloor, name: string, position: number): Event {
  const live = floor.live;
  const one = [...(live?.conversations.values() ?? [])].find((conversation) => conversation.customerName === name);
  if (live == null || one === undefined) throw new Error(name);
  return {
    type: 'message:sent',
    conversationId: one.id,
    entryId: newId(position),
    author: 'customer',
    personId: null,
    text: 'Hello?',
    organisationId: live.organisationId,
    position,
    at: now + position,
    by: { kind: 'customer', id: one.customerId },
  };
}

const names = (one: Desk): string[] => one.rows.map((row) => `${row.gone ? '~' : ''}${row.conversation.customerName}`);

describe('the list under a hand', () => {
  test('moves freely without a pointer over it', () => {
    const { desk: one, floor } = desk();
    one.sort = 'newest';
    floor.happen(customerLine(floor, 'Amara Okoye', 200));
    expect(names(one)[0]).toBe('Amara Okoye');
  });

  test('holds every row under a pointer, also one that leaves the view, and settles when the pointer goes', () => {
    const { desk: one, floor } = desk();
    one.sort = 'newest';
    const before = names(one);
    one.held = true;
    floor.happen(customerLine(floor, 'Amara Okoye', 200));
    expect(names(one)).toEqual(before);
    const gone = one.rows[1]?.id;
    floor.become((live) => ({
      ...live,
      conversations: new Map([...live.conversations].filter(([id]) => id !== gone)),
    }));
    expect(names(one)[1]).toBe(`~${before[1]}`);
    one.held = false;
    expect(names(one)).toHaveLength(before.length - 1);
    expect(names(one)[0]).toBe('Amara Okoye');
  });

  test('another view is another list, even under a pointer', () => {
    const { desk: one } = desk();
    expect(one.rows.length).toBeGreaterThan(2);
    one.held = true;
    one.goTo('unassigned');
    expect(names(one)).toEqual(['Jonas Weber', 'Elif Kaya']);
  });
});

describe('the open conversation', () => {
  test('is in the address, and back leads back', () => {
    const { desk: one, place } = desk();
    one.openConversation(rosa);
    expect(place.hash()).toBe(`#/inbox/${rosa}`);
    expect(one.open?.customerName).toBe('Rosa Iglesias');
    place.back();
    expect(one.openId).toBeNull();
  });

  test('stays readable once closed, as closed', () => {
    const { desk: one, floor } = desk('calm', `#/inbox/${rosa}`);
    const live = floor.live;
    if (live === null) throw new Error('no floor');
    floor.happen({
      type: 'conversation:closed',
      conversationId: rosa,
      customerId: one.open?.customerId ?? newId(1),
      side: 'staff',
      by: { kind: 'person', id: live.me.personId },
      organisationId: live.organisationId,
      position: 300,
      at: now,
    });
    expect(floor.live?.conversations.has(rosa)).toBe(false);
    expect(one.open).toMatchObject({ lifecycle: 'closed', customerName: 'Rosa Iglesias' });
    expect(one.lost).toBe(false);
  });

  test('is lost when it leaves what this person may see', () => {
    const { desk: one, floor } = desk('calm', `#/inbox/${rosa}`);
    floor.happen(customerLine(floor, 'Rosa Iglesias', 200));
    expect(one.lost).toBe(false);
    floor.become((live) => ({
      ...live,
      conversations: new Map([...live.conversations].filter(([id]) => id !== rosa)),
    }));
    expect(one.lost).toBe(true);
  });

  test('shows the side chat beside it while there is one, until another part is chosen', () => {
    const calm = desk('calm', `#/inbox/${rosa}`).desk;
    expect(calm.beside).toBe('customer');
    const { desk: flagged } = desk('claimed', `#/inbox/${rosa}`);
    expect(flagged.beside).toBe('side');
    flagged.beside = 'activity';
    expect(flagged.beside).toBe('activity');
    flagged.closeConversation();
    flagged.openConversation(rosa);
    expect(flagged.beside).toBe('side');
  });
});

test('the cursor walks the list and stays in it', () => {
  const { desk: one } = desk();
  const ids = one.rows.map((row) => row.id);
  one.moveCursor(1);
  expect(one.cursor).toBe(ids[0]);
  one.moveCursor(-1);
  expect(one.cursor).toBe(ids[0]);
  one.moveCursor(2);
  expect(one.cursor).toBe(ids[2]);
  one.moveCursor(99);
  expect(one.cursor).toBe(ids.at(-1));
});

test('only offers to this person ring', () => {
  expect(desk('offer').desk.offers.map((one) => one.customerName)).toEqual(['Elif Kaya']);
  const { desk: one, floor } = desk('offer');
  const other = [...(floor.live?.people.values() ?? [])].find((person) => person.name === 'Leo Fontaine');
  if (other === undefined) throw new Error('no Leo');
  floor.become((live) => ({ ...live, me: { ...live.me, personId: other.id } }));
  expect(one.offers).toEqual([]);
});
