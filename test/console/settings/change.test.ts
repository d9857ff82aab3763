import { describe, expect, test } from 'vitest';
import {
  capacityOf,
  carryOut,
  faultsOf,
  fieldOf,
  type PersonForm,
  type Send,
  stepsTo,
  supervisesOf,
} from '../../../console/settings/change.ts';
import type { TeamId } from '../../../shared/contract/id.ts';
import type { Person } from '../../../shared/contract/person.ts';
import { type RefusalCode, refusal } from '../../../shared/contract/refusal.ts';
import { newId } from '../../../shared/contract/uuid.ts';

const boats: TeamId = newId(1);
const trains: TeamId = newId(1);
const sara: Person = {
  id: newId(1),
  name: 'Sara',
  role: 'supervisor',
  teamIds: [boats],
  supervises: [boats, trains],
  status: 'offline',
  statusSince: 0,
  capacity: 4,
  reachable: false,
  active: true,
};
const form = (more: Partial<PersonForm> = {}): PersonForm => ({
  name: 'Sara',
  email: '',
  role: 'supervisor',
  teamIds: [boats],
  supervises: [trains, boats],
  capacity: '4',
  ...more,
});

/** Sends to nobody: remembers what was sent, and refuses the named command. */
function recorder(refused?: string): { send: Send; sent: [string, object][] } {
  const sent: [string, object][] = [];
  const send: Send = async (name, input) => {
    sent.push([name, input]);
    if (name === refused) return { ok: false, refusal: refusal('not_permitted', 'No.', 'Ask.') };
    // The steps look at nothing but whether it went well.
    return { ok: true, position: sent.length, value: null as never };
  };
  return { send, sent };
}

describe('a saved form', () => {
  test('that changed nothing sends nothing, whatever the order of teams', () => {
    expect(stepsTo(sara, form({ name: ' Sara ', capacity: ' 4' }))).toEqual([]);
  });

  test('sends what changed, the role before the teams', async () => {
    const { send, sent } = recorder();
    const steps = stepsTo({ ...sara, role: 'agent', supervises: [] }, form({ name: 'Sara S', capacity: '6' }));
    expect(await carryOut(steps, send)).toBeNull();
    expect(sent.map(([name]) => name)).toEqual([
      'person:rename',
      'person:set-role',
      'person:set-teams',
      'person:set-capacity',
    ]);
    expect(sent[2]?.[1]).toEqual({ personId: sara.id, teamIds: [boats], supervises: [trains, boats] });
  });

  test('that takes the right to help away leaves the supervised teams to the hub', async () => {
    const { send, sent } = recorder();
    await carryOut(stepsTo(sara, form({ role: 'agent' })), send);
    expect(sent).toEqual([['person:set-role', { personId: sara.id, role: 'agent' }]]);
    expect(supervisesOf(form({ role: 'agent' }))).toEqual([]);
  });

  test('stops at a refusal, and says at which field', async () => {
    const { send, sent } = recorder('person:set-role');
    const steps = stepsTo(sara, form({ name: 'Sara S', role: 'owner', capacity: '6' }));
    expect(await carryOut(steps, send)).toMatchObject({ field: 'role', refusal: { code: 'not_permitted' } });
    expect(sent.map(([name]) => name)).toEqual(['person:rename', 'person:set-role']);
    // What was saved is no change any more: saving again goes on where it stopped.
    expect(
      stepsTo({ ...sara, name: 'Sara S' }, form({ name: 'Sara S', role: 'owner', capacity: '6' })).map(
        ({ field }) => field,
      ),
    ).toEqual(['role', 'capacity']);
  });
});

test.each([
  ['4', 4],
  [' 50 ', 50],
  ['1', 1],
  ['0', null],
  ['51', null],
  ['-1', null],
  ['4.5', null],
  ['four', null],
  ['', null],
  ['1e1', null],
])('the capacity "%s" is %s', (typed, capacity) => {
  expect(capacityOf(typed)).toBe(capacity);
});

test('what is missing is said by field, and an address is asked for only when inviting', () => {
  expect(faultsOf(form({ name: '  ', email: '', capacity: 'x' }), 'invite')).toEqual({
    name: 'person.name.missing',
    email: 'person.email.missing',
    capacity: 'person.capacity.wrong',
  });
  expect(faultsOf(form({ email: 'sara@example' }), 'invite').email).toBe('person.email.wrong');
  expect(faultsOf(form({ email: ' sara@example.org ' }), 'invite').email).toBeNull();
  expect(faultsOf(form(), 'edit')).toEqual({ name: null, email: null, capacity: null });
});

test.each<[unknown, string | null]>([
  ['email', 'email'],
  ['teamIds.0', 'teamIds'],
  ['something', null],
  [undefined, null],
])('a refusal about %s shows at %s', (field, shown) => {
  const code: RefusalCode = 'bad_input';
  const detail = typeof field === 'string' ? { field } : {};
  expect(fieldOf(refusal(code, 'No.', 'Mend it.', detail))).toBe(shown);
});
