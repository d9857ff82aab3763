import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readDialogues } from '../../../server/demo/dialogues.ts';
import { firstStart } from '../../../server/first-start.ts';
import { startClock } from '../../../server/organisation/queries.ts';
import { wordsFault } from '../../../server/rule/check.ts';
import { Book } from '../../../server/rule/match.ts';
import type { Door, InvitationView, SignedIn } from '../../../shared/contract/read.ts';
import type { Rule } from '../../../shared/contract/rule.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { Staff } from '../../support/staff.ts';

let staff: Staff;
beforeEach(async () => {
  staff = await Staff.start();
});
afterEach(async () => {
  await staff.close();
});

const start = (demo: boolean) =>
  firstStart({
    system: staff.db.system,
    now: () => staff.now,
    demo,
    run: (organisationId, name, row, input, actor) => staff.run(organisationId, name, row, input, actor),
  });

const count = async (text: string): Promise<number> =>
  (await staff.rows<{ count: number }>(`select count(*) from ${text}`))[0]?.count ?? -1;

describe('the demo organisation', () => {
  test('has two teams, eight agents, three supervisors, an admin and an owner, all behind the demo door', async () => {
    expect(await start(true)).toEqual({ ownerSecret: null });
    const door = (await staff.call('GET', '/auth/door')).body.value as Door;
    const roles = door.demo.map((person) => person.role);
    expect(
      Object.fromEntries(
        ['agent', 'supervisor', 'admin', 'owner'].map((role) => [role, roles.filter((one) => one === role).length]),
      ),
    ).toEqual({
      agent: 8,
      supervisor: 3,
      admin: 1,
      owner: 1,
    });
    // So that a Legacy chat with a help flag and one without can be seen (S1.3).
    expect(await staff.rows('select name, legacy_flag as flag from team order by name')).toEqual([
      { name: 'Banking', flag: false },
      { name: 'Travel', flag: true },
    ]);
    const supervisors = door.demo
      .filter((person) => person.role === 'supervisor')
      .map(({ name, teams }) => ({ name, teams }));
    expect(supervisors).toEqual([
      { name: 'Ines Okafor', teams: ['Banking', 'Travel'] },

      { name: 'Mei Lin', teams: ['Travel'] },
      { name: 'Tomasz Wolny', teams: ['Banking'] },
    ]);
    for (const person of door.demo.filter(({ role }) => role === 'agent')) expect(person.teams).toHaveLength(1);
    expect(await count(`organisation where demo and name = 'Northlight Support'`)).toBe(1);
    expect(await count('queue')).toBe(2);
    const reasons = await staff.rows<{ name: string; minutes: number }>(
      `select name, target_ms / 60000 as minutes from reason order by "order"`,
    );
    expect(reasons.map((reason) => [reason.name, Number(reason.minutes)])).toEqual([
      ['Approval needed', 4],
      ['Policy question', 5],
      ['Escalation', 4],
      ['Something broke', 6],
      ['I feel unsafe', 1],
    ]);
    expect(await count('credential where password_hash is not null or joined_at is null')).toBe(0);
    expect(await count('invitation')).toBe(0);
  });

  test('S1.17 has rules that hear its customers now and then, and not all the time', async () => {
    await start(true);
    const rules = await staff.rows<Pick<Rule, 'name' | 'side' | 'channels' | 'words'>>(
      `select name, side, channels, words from rule where active and not removed order by name`,
    );
    expect(rules.map(({ name }) => name)).toEqual(['Customer objects', 'Large transfer']);
    expect(await count('rule_set where version > 0')).toBe(1);
    for (const { words } of rules) expect(wordsFault(words)).toBeNull();
    const book = new Book(rules.map((rule) => ({ ...rule, queueIds: [] })));
    const dialogues = await readDialogues();
    const heard = dialogues.filter(({ exchanges }) =>
      exchanges.some(({ customer }) => book.hear(customer, null).length > 0),
    );
    expect(heard.length).toBeGreaterThan(2);
    expect(heard.length).toBeLessThan(dialogues.length / 10);
  });

  test('is made once, whoever starts and however many start at once', async () => {
    await Promise.all([start(true), start(true), start(true)]);
    await start(true);
    expect(await count('organisation')).toBe(1);
    expect(await count('person')).toBe(13);
  });

  test('is finished by the next start when the first was cut short', async () => {
    await startClock(staff.db.system, newId(staff.now), 'Northlight Support');
    await start(true);
    expect(await count('organisation')).toBe(1);
    expect(await count('person')).toBe(13);
  });
});

describe('a real organisation', () => {
  const password = 'copper kettle on monday';

  test('starts with a link for its owner, printed anew at each start until somebody redeems it', async () => {
    const first = await start(false);
    const second = await start(false);
    expect(first.ownerSecret).toMatch(/^[0-9a-f]{64}$/);
    expect(second.ownerSecret).not.toBe(first.ownerSecret);
    expect(await count('organisation')).toBe(1);
    expect((await staff.call('POST', '/auth/invitation', { body: { secret: first.ownerSecret } })).status).toBe(410);
    const view = (await staff.call('POST', '/auth/invitation', { body: { secret: second.ownerSecret } })).body
      .value as InvitationView;
    expect(view).toMatchObject({ email: null, joined: false, expiresAt: staff.now + 72 * 3_600_000 });

    const body = { secret: second.ownerSecret, password, name: 'Petra Prima' };
    expect((await staff.call('POST', '/auth/join', { body })).body.refusal).toMatchObject({
      code: 'bad_input',
      detail: { field: 'email' },
    });
    const joined = await staff.call('POST', '/auth/join', { body: { ...body, email: 'petra@example.org' } });
    expect(joined.body.value as SignedIn).toMatchObject({ name: 'Petra Prima', role: 'owner' });
    expect((await staff.call('POST', '/auth/sign-in', { body: { email: 'petra@example.org', password } })).status).toBe(
      200,
    );
    expect(await start(false)).toEqual({ ownerSecret: null });
    expect(await count('person')).toBe(1);
  });

  test('lets nobody in by a default password or by the demo door', async () => {
    await start(false);
    expect((await staff.call('GET', '/auth/door')).body.value).toEqual({ demo: [] });
    expect(await count('credential where password_hash is not null')).toBe(0);
  });

  test('is made beside a demo organisation that was there before', async () => {
    await start(true);
    expect((await start(false)).ownerSecret).not.toBeNull();
    expect(await count('organisation where not demo')).toBe(1);
    // And the demo comes back as it was when it is switched on again.
    await start(true);
    expect(await count('organisation')).toBe(2);
  });
});
