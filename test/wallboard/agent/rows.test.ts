import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Person } from '../../../shared/contract/person.ts';
import {
  AgentOrder,
  agentFacts,
  type Column,
  filterAgents,
  isFull,
  keepOrder,
  rowWindow,
} from '../../../wallboard/agent/rows.ts';
import { idOf } from '../../../wallboard/specimen/data.ts';
import { viewOf } from '../../../wallboard/view.ts';
import { banking, conversation, flag, live, noon, person, priya, travel } from '../floor.ts';

const agent = (number: number, rest: Partial<Person> = {}): Person =>
  person({ id: idOf(1, 100 + number), name: `Agent ${number}`, teamIds: [banking], ...rest });
const me = person({ id: idOf(1, 10), name: 'Ines Okafor', role: 'supervisor', supervises: [banking, travel] });
const line = (at: number, text: string) => ({ author: 'customer', personId: null, text, at }) as const;

test('load counts conversations in hand and the open offer; the newest line of all is shown', () => {
  const view = viewOf(
    live({
      conversations: [
        conversation(1, { assigneeId: priya, queuedAt: null, lastLine: line(noon - 5000, 'older') }),
        conversation(2, { assigneeId: priya, queuedAt: null, lastLine: line(noon - 1000, 'newer') }),
        conversation(3, { offer: { id: idOf(5, 77), personId: priya, madeAt: noon, expiresAt: noon + 1 } }),
      ],
    }),
    null,
  );
  const facts = agentFacts(view);
  expect(facts.loads.get(priya)).toBe(3);
  expect(facts.newest.get(priya)?.lastLine?.text).toBe('newer');
  const found = view.agents.find((one) => one.id === priya);
  expect(found === undefined ? undefined : isFull(found, facts)).toBe(true);
});

test('filters by flag, by load and by part of a name or team', () => {
  const view = viewOf(live({ flags: [flag(1)] }), null);
  const facts = agentFacts(view);
  const names = (filter: { flagged?: boolean; full?: boolean; search?: string }) =>
    filterAgents(view, facts, { flagged: false, full: false, search: '', ...filter }).map((one) => one.name);
  expect(names({ flagged: true })).toEqual(['Priya Raman']);
  expect(names({ full: true })).toEqual([]);
  expect(names({ search: ' leo ' })).toEqual(['Leo Fontaine']);
  expect(names({ search: 'banking' })).toEqual(['Priya Raman']);
});

describe('order', () => {
  const anyAgent = fc.record({
    number: fc.integer({ min: 1, max: 60 }),
    status: fc.constantFrom('available', 'busy', 'break', 'offline'),
    since: fc.nat(500_000),
    capacity: fc.integer({ min: 1, max: 6 }),
  });
  const anyAgents = fc
    .uniqueArray(anyAgent, { selector: (one) => one.number, maxLength: 40 })
    .map((list) =>
      list.map(({ number, status, since, capacity }) => agent(number, { status, statusSince: noon - since, capacity })),
    );

  test('by name is the order of names, also after people came, went and were renamed', () => {
    const order = new AgentOrder();
    fc.assert(
      fc.property(anyAgents, (list) => {
        const view = viewOf(live({ people: [me, ...list] }), null);
        const sorted = order.sort(view.agents, view, agentFacts(view), { by: 'name', down: false });
        const numbers = sorted.map((one) => Number(one.name.slice(6)));
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      }),
    );
  });

  test('turning a column round turns its values round, and equal ones still stand by name', () => {
    const order = new AgentOrder();
    const value: Readonly<Partial<Record<Column, (one: Person) => number>>> = {
      since: (one) => -one.statusSince,
      state: (one) => ['available', 'busy', 'break', 'offline'].indexOf(one.status),
    };
    fc.assert(
      fc.property(anyAgents, fc.constantFrom('since', 'state'), fc.boolean(), (list, by, down) => {
        const view = viewOf(live({ people: [me, ...list] }), null);
        const sorted = order.sort(view.agents, view, agentFacts(view), { by, down });
        for (const [at, one] of sorted.entries()) {
          const next = sorted[at + 1];
          if (next === undefined) break;
          const step = ((value[by]?.(next) ?? 0) - (value[by]?.(one) ?? 0)) * (down ? -1 : 1);
          expect(step).toBeGreaterThanOrEqual(0);
          if (step === 0) expect(Number(next.name.slice(6))).toBeGreaterThan(Number(one.name.slice(6)));
        }
      }),
    );
  });

  test('flags stand first, the most urgent above', () => {
    const list = [agent(1), agent(2), agent(3)];
    const view = viewOf(
      live({
        people: [me, ...list],
        flags: [flag(5, { agentId: agent(2).id }), flag(9, { agentId: agent(3).id })],
      }),
      null,
    );
    const sorted = new AgentOrder().sort(view.agents, view, agentFacts(view), { by: 'flag', down: true });
    expect(sorted.map((one) => one.name)).toEqual(['Agent 3', 'Agent 2', 'Agent 1']);
  });
});

test('a held table moves nobody', () => {
  const shown = [agent(3).id, agent(1).id, agent(2).id];
  expect(keepOrder(shown, [agent(1), agent(2), agent(4), agent(3)]).map((one) => one.name)).toEqual([
    'Agent 3',
    'Agent 1',
    'Agent 2',
    'Agent 4',
  ]);
  expect(keepOrder(shown, [agent(2)]).map((one) => one.name)).toEqual(['Agent 2']);
});

test('the window holds every row in sight and never more than a screenful and a few', () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.nat(200_000), fc.integer({ min: 0, max: 2000 }), (count, scrolled, height) => {
      const { from, to } = rowWindow(count, scrolled, height, 32);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(count);
      expect(to - from).toBeLessThanOrEqual(Math.ceil(height / 32) + 14);
      for (let row = 0; row < count; row += 97) {
        const inSight = (row + 1) * 32 > scrolled && row * 32 < scrolled + height;
        if (inSight) expect(row >= from && row < to).toBe(true);
      }
    }),
  );
});
