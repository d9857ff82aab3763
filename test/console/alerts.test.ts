import { beforeEach, describe, expect, test } from 'vitest';
import { Alerts } from '../../console/alerts.svelte.ts';
import { Desk } from '../../console/desk.svelte.ts';
import { rosa } from '../../console/specimen/story.ts';
import type { Event } from '../../shared/contract/event.ts';
import type { Flag } from '../../shared/contract/flag.ts';
import type { PersonId } from '../../shared/contract/id.ts';
import { newId } from '../../shared/contract/uuid.ts';
import type { ToastAction } from '../../shared/ui/toast/toast.svelte.ts';
import { HandFloor } from './hand-floor.svelte.ts';
import { handPlace } from './place.ts';

const now = 1_800_000_000_000;
let did: string[];
let here: boolean;
let floor: HandFloor;
let desk: Desk;
let alerts: Alerts;
let position: number;
let acts: readonly ToastAction[] = [];

function start(state: string): void {
  did = [];
  here = true;
  position = 500;
  floor = new HandFloor(state, now);
  desk = new Desk(floor, 'inbox', handPlace(`#/inbox/${rosa}`));
  alerts = new Alerts(desk, {
    sound: { chime: () => did.push('chime'), ring: () => did.push('ring'), quietRing: () => did.push('quiet') },
    notice: {
      show: ({ title }) => {
        did.push(`notice ${title}`);
        return true;
      },
      withdraw: () => undefined,
    },
    announcer: { polite: (words) => did.push(`say ${words}`) },
    attention: {
      get here() {
        return here;
      },
    },
    toasts: {
      show: ({ strong, text, actions = [] }) => {
        did.push(`toast ${strong} ${text}`, ...actions.map(({ label }) => `  ${label}`));
        acts = actions;
        return 7;
      },
      dismiss: (id) => did.push(`dismiss ${id}`),
    },
    notNeeded: (flag) => did.push(`not needed ${flag.id}`),
    acceptKeys: () => 'Alt A',
  });
}

beforeEach(() => start('claimed'));

const person = (name: string): PersonId => {
  const found = [...(floor.live?.people.values() ?? [])].find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return found.id;
};

function stamp(): { organisationId: Event['organisationId']; position: number; at: number } {
  if (floor.live === null) throw new Error('no floor');
  position += 1;
  return { organisationId: floor.live.organisationId, position, at: now };
}

function customerSays(text: string, conversationId = rosa): Event {
  const one = floor.live?.conversations.get(conversationId);
  if (one === undefined) throw new Error('no conversation');
  const by = { kind: 'customer', id: one.customerId } as const;
  return {
    type: 'message:sent',
    conversationId,
    entryId: newId(1),
    author: 'customer',
    personId: null,
    text,
    by,
    ...stamp(),
  };
}

function sideLine(by: PersonId): Event {
  const [session] = floor.live?.sessions.values() ?? [];
  if (session === undefined) throw new Error('no session');
  return {
    type: 'side-chat:said',
    conversationId: rosa,
    sessionId: session.id,
    entryId: newId(2),
    personId: by,
    text: 'Which account?',
    by: { kind: 'person', id: by },
    ...stamp(),
  };
}

describe('a customer’s line', () => {
  test('in the conversation before my eyes is said and does not chime', () => {
    floor.happen(customerSays('Hello?'));
    expect(did).toEqual(['say Rosa: Hello?']);
  });

  test('chimes while I am elsewhere, and the desktop is told', () => {
    here = false;
    floor.happen(customerSays('Hello?'));
    expect(did).toEqual(['say Rosa: Hello?', 'chime', 'notice Rosa Iglesias']);
  });

  test('chimes for another conversation of mine, and not for a colleague’s', () => {
    const other = [...(floor.live?.conversations.values() ?? [])].find((one) => one.customerName === 'Chen Wei');
    if (other === undefined) throw new Error('no other conversation');
    floor.happen(customerSays('Hello?', other.id));
    expect(did).toContain('chime');
    did = [];
    floor.become((live) => ({
      ...live,
      conversations: new Map(live.conversations).set(other.id, { ...other, assigneeId: person('Leo Fontaine') }),
    }));
    floor.happen(customerSays('Hello?', other.id));
    expect(did).toEqual([]);
  });
});

describe('a private line', () => {
  test('chimes even before my eyes, which are on the customer; my own does not', () => {
    floor.happen(sideLine(person('Ines Okafor')));
    expect(did).toEqual(['say Ines wrote in the side chat: Which account?', 'chime', 'notice Ines Okafor']);
    did = [];
    floor.happen(sideLine(person('Priya Raman')));
    expect(did).toEqual([]);
  });

  test('is quiet with its chime off, and still said', () => {
    alerts.sideChime = false;
    floor.happen(sideLine(person('Ines Okafor')));
    expect(did).not.toContain('chime');
    expect(did[0]).toMatch(/^say/);
  });
});

test('what becomes of my flag is said', () => {
  const [flag] = floor.live?.flags.values() ?? [];
  if (flag === undefined) throw new Error('no flag');
  const by = person('Tomasz Wolny');
  const actor = { by: { kind: 'person', id: by } } as const;
  const of = { conversationId: rosa, sessionId: flag.sessionId, flagId: flag.id, personId: by, ...actor };
  floor.happen({ type: 'flag:released', reason: 'unreachable', nextAt: null, ...of, ...stamp() });
  const step = { before: 'own', reach: 'supervisors', because: 'waited', nextAt: null } as const;
  const { agentId } = flag;
  const { personId: _personId, ...about } = of;
  floor.happen({ type: 'flag:escalated', ...about, agentId, ...step, by: { kind: 'system' }, ...stamp() });
  floor.happen({ type: 'flag:claimed', ...of, ...stamp() });
  floor.happen({ type: 'flag:lowered', side: 'supervisor', outcome: 'answered', reason: 'lowered', ...of, ...stamp() });
  expect(did).toEqual([
    'say Tomasz Wolny released your help flag',
    'say Your help flag calls further: every supervisor',
    'say Tomasz Wolny took your help flag',
    'notice Tomasz Wolny took your help flag',
    'say Your help flag was lowered: answered',
  ]);
});

describe('S1.17 a flag that a rule raised', () => {
  const raised = (flag: Flag, by: Event['by'] = { kind: 'system' }): Event => ({
    type: 'flag:raised',
    conversationId: flag.conversationId,
    flag: { ...flag, message: '' },
    entryId: newId(3),
    text: 'Give me my money back',
    by,
    ...stamp(),
  });
  const source: Flag['source'] = {
    kind: 'rule',
    ruleId: newId(4),
    ruleName: 'Refunds',
    side: 'customer',
    heard: ['money back'],
    lineId: newId(5),
  };
  const mine = (): Flag => {
    const [flag] = floor.live?.flags.values() ?? [];
    if (flag === undefined) throw new Error('no flag');
    return { ...flag, id: newId(6), source };
  };

  test('is told to its agent at once, who did not raise it, with a way to take it down', () => {
    const flag = mine();
    floor.happen(raised(flag));
    expect(did).toEqual([
      'say A rule raised a help flag for Rosa Iglesias. Rule Refunds heard “money back”. You may lower it',
      'chime',
      'notice Rule Refunds heard “money back” in the conversation with Rosa Iglesias.',
      'toast A rule raised a help flag. Rule Refunds heard “money back” in the conversation with Rosa Iglesias.',
      '  Not needed',
    ]);
    did = [];
    acts.find(({ label }) => label === 'Not needed')?.run();
    expect(did).toEqual([`not needed ${flag.id}`]);
  });

  test('its toast goes when the flag goes down', () => {
    const flag = mine();
    floor.happen(raised(flag));
    did = [];
    const { conversationId, sessionId, id: flagId, agentId: personId } = flag;
    const by = { kind: 'person', id: personId } as const;
    floor.happen({
      type: 'flag:lowered',
      side: 'agent',
      outcome: 'not_needed',
      reason: 'lowered',
      ...{ conversationId, sessionId, flagId, personId, by },
      ...stamp(),
    });
    expect(did).toContain('dismiss 7');
  });

  test('is not told of a colleague’s, nor of one that I raised myself', () => {
    floor.happen(raised({ ...mine(), agentId: person('Leo Fontaine') }));
    floor.happen(raised({ ...mine(), source: { kind: 'agent' } }));
    expect(did).toEqual([]);
  });
});

test('an offer rings until it is answered, and is said once', () => {
  start('offer');
  alerts.offers(desk.offers);
  alerts.offers(desk.offers);
  expect(did.filter((one) => one.startsWith('say'))).toEqual(['say Incoming: Elif Kaya in Banking. Alt A accepts.']);
  expect(did.filter((one) => one.startsWith('notice'))).toEqual(['notice Elif Kaya waits in Banking']);
  expect(did.at(-1)).toBe('ring');
  alerts.offers([]);
  expect(did.at(-1)).toBe('quiet');
});

test('it hears nothing once it is closed', () => {
  alerts.close();
  did = [];
  here = false;
  floor.happen(customerSays('Hello?'));
  expect(did).toEqual([]);
});
