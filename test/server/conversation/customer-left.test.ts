import { afterEach, expect, test } from 'vitest';
import type { ConversationId, FlagId, SessionId } from '../../../shared/contract/id.ts';
import type { CustomerClient } from '../../support/customer-client.ts';
import { Floor, type FloorOptions, type TestOrganisation } from '../../support/floor.ts';
import type { StaffClient } from '../../support/staff-client.ts';
import { until } from '../../support/wait.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A hub whose clock stands still; nobody of the staff may seem to be gone because it is moved by hand. */
async function hub(options: FloorOptions = {}): Promise<Floor> {
  const floor = await Floor.start({ now: Date.now(), graceMs: 86_400_000, rates: false, ...options });
  closers.push(() => floor.close());
  return floor;
}

/** Lets time pass as a hub lives through it, with a look every few seconds, on every hub that is given. */
async function pass(ms: number, ...floors: readonly Floor[]): Promise<void> {
  for (let left = ms; left > 0; left -= 3000) for (const floor of floors) await floor.pass(Math.min(3000, left));
}

/** A Legacy chat, once some hub has noted that its customer is there. */
async function legacyChat(
  floor: Floor,
  home: TestOrganisation,
  name = 'Rosa Iglesias',
): Promise<{ customer: CustomerClient; conversationId: ConversationId }> {
  const customer = await floor.customer(home);
  const conversationId = await customer.start('My card was swallowed.', name, 'legacy');
  await noted(floor, conversationId, { here: 1 });
  return { customer, conversationId };
}

/** Waits until so many hubs say that the customer of a conversation is here, or gone. */
async function noted(
  floor: Floor,
  conversationId: ConversationId,
  wanted: { readonly here?: number; readonly gone?: number },
): Promise<void> {
  await until('the presence of a customer to be noted', async () => {
    const { rows } = await floor.db.system.query<{ here: number; gone: number }>(
      `select (count(*) filter (where r.gone_since is null))::int as here, (count(*) filter (where r.gone_since is not null))::int as gone
        from conversation c join customer_presence r on r.organisation_id = c.organisation_id and r.customer_id = c.customer_id
        where c.id = $1`,
      [conversationId],
    );
    const [row] = rows;
    return row !== undefined && row.here === (wanted.here ?? 0) && row.gone === (wanted.gone ?? 0);
  });
}

async function leaves(floor: Floor, customer: CustomerClient, conversationId: ConversationId): Promise<void> {
  customer.close();
  await noted(floor, conversationId, { gone: 1 });
}

const lifecycle = async (floor: Floor, id: ConversationId): Promise<string | undefined> => {
  const { rows } = await floor.db.system.query<{ lifecycle: string }>(
    'select lifecycle from conversation where id = $1',
    [id],
  );
  return rows[0]?.lifecycle;
};

const happened = async (floor: Floor, type: string, id: ConversationId): Promise<number> => {
  const { rows } = await floor.db.system.query<{ times: number }>(
    'select count(*)::int as times from log where type = $1 and conversation_id = $2',
    [type, id],
  );
  return rows[0]?.times ?? 0;
};

const ended = (floor: Floor, id: ConversationId): Promise<unknown> =>
  until('the chat to have ended', async () => (await lifecycle(floor, id)) === 'closed');

/** Priya serves a Legacy chat and has a flag up in it, with words in the side chat. */
async function flagged(floor: Floor, home: TestOrganisation, priya: StaffClient, marta: StaffClient) {
  await marta.does('team:set-legacy-flag', { teamId: home.team('Banking'), on: true });
  const chat = await legacyChat(floor, home);
  const taken = await priya.does('conversation:take', { conversationId: chat.conversationId });
  const sessionId = taken.sessionId as SessionId;
  const [reason] = [...priya.now.reasons.values()];
  if (reason === undefined) throw new Error('there are no reasons');
  const input = { sessionId, reasonId: reason.id, message: 'Above my limit.', askJoin: false };
  const { flagId } = await priya.does('flag:raise', input);
  await priya.does('side-chat:say', { sessionId, text: 'She is impatient.' });
  return { ...chat, sessionId, flagId: flagId as FlagId, input };
}

test('S1.3: a Legacy chat ends once its customer has been gone for the grace; session, flag and side chat end with it', async () => {
  const floor = await hub();
  const home = await floor.organisation();
  const [priya, marta, ines] = await Promise.all([
    floor.staff(home, 'Priya'),
    floor.staff(home, 'Marta'),
    floor.staff(home, 'Ines', 'wallboard'),
  ]);
  const { customer, conversationId, sessionId, flagId, input } = await flagged(floor, home, priya, marta);
  await pass(60_000, floor);
  expect(await lifecycle(floor, conversationId)).toBe('open');

  await leaves(floor, customer, conversationId);
  await pass(29_000, floor);
  expect(await lifecycle(floor, conversationId)).toBe('open');
  expect(ines.now.flags.has(flagId)).toBe(true);
  await pass(2000, floor);
  await ended(floor, conversationId);
  await ines.sees('the flag to be gone', (live) => !live.flags.has(flagId));
  expect(ines.heard('session:ended').map(({ reason, by }) => [reason, by.kind])).toEqual([['customer_left', 'system']]);
  expect(ines.heard('flag:lowered').map(({ reason, outcome, side }) => [reason, outcome, side])).toEqual([
    ['customer_left', null, 'system'],
  ]);
  const [closed] = await until('the close', () => {
    const found = priya.heard('conversation:closed');
    return found.length > 0 ? found : null;
  });
  expect(closed).toMatchObject({ side: 'customer', by: { kind: 'system' } });
  expect(await priya.refused('side-chat:say', { sessionId, text: 'Still there?' })).toBe('session_ended');
  expect(await priya.refused('flag:raise', input)).toBe('session_ended');
  expect(await priya.refused('message:send', { conversationId, text: 'Hello?' })).toBe('conversation_closed');
  await pass(9000, floor);
  expect(await happened(floor, 'conversation:closed', conversationId)).toBe(1);
  const { rows } = await floor.db.system.query('select from customer_presence');
  expect(rows).toEqual([]);
  // Whoever comes back finds it ended, and begins another one.
  const again = await floor.customer(home, customer.visitor);
  expect(again.conversation).toMatchObject({ id: conversationId, state: 'closed', endsWithCustomer: true });
  expect(await again.start('It is me again.', 'Rosa Iglesias', 'legacy')).not.toBe(conversationId);
  expect(floor.log.lines.filter(({ level }) => level !== 'info')).toEqual([]);
});

test('S1.3: whoever comes back within the grace finds the same chat, and the grace begins anew', async () => {
  const floor = await hub();
  const home = await floor.organisation();
  const { customer, conversationId } = await legacyChat(floor, home);
  for (let reloads = 0; reloads < 2; reloads += 1) {
    await leaves(floor, customer, conversationId);
    await pass(29_000, floor);
    customer.socket.connect();
    await noted(floor, conversationId, { here: 1 });
  }
  await pass(120_000, floor);
  expect(await lifecycle(floor, conversationId)).toBe('open');
  await customer.says('I am still here.');
  // A cut line comes back by itself.
  customer.cut();
  await customer.sees('the widget to be back', ({ socket }) => socket.connected);
  await noted(floor, conversationId, { here: 1 });
  await pass(60_000, floor);
  expect(await lifecycle(floor, conversationId)).toBe('open');
});

test('S1.3: a second tab keeps it, also one on another hub; the last one to go ends it', async () => {
  const floor = await hub();
  const second = await hub({ now: floor.now, beside: floor });
  const home = await floor.organisation();
  const { customer, conversationId } = await legacyChat(floor, home);
  const near = await floor.customer(home, customer.visitor);
  const far = await second.customer(home, customer.visitor);
  await noted(floor, conversationId, { here: 2 });
  near.close();
  await pass(60_000, floor, second);
  expect(await lifecycle(floor, conversationId)).toBe('open');
  customer.close();
  await noted(floor, conversationId, { here: 1, gone: 1 });
  await pass(60_000, floor, second);
  expect(await lifecycle(floor, conversationId)).toBe('open');
  far.close();
  await noted(floor, conversationId, { gone: 2 });
  await pass(33_000, floor, second);
  await ended(floor, conversationId);
  await pass(6000, floor, second);
  expect(await happened(floor, 'conversation:closed', conversationId)).toBe(1);
});

test('S1.3: customers of a dead hub are found by its lease', async () => {
  const floor = await hub();
  // Its clock stands, so its lease is not renewed: to the other it is dead, with its customers.
  const dead = await hub({ now: floor.now, beside: floor });
  const home = await floor.organisation();
  const lost = await legacyChat(dead, home, 'Lost');
  const back = await legacyChat(dead, home, 'Back');
  await pass(9000, floor);
  // One of them finds the other hub.
  const found = await floor.customer(home, back.customer.visitor);
  await noted(floor, back.conversationId, { here: 2 });
  await pass(24_000, floor);
  expect(await lifecycle(floor, lost.conversationId)).toBe('open');
  await pass(6000, floor);
  await ended(floor, lost.conversationId);
  await pass(60_000, floor);
  expect(await lifecycle(floor, back.conversationId)).toBe('open');
  expect(found.conversation?.state).toBe('waiting');
});

test('S1.3: a hub started anew gives the grace to come back, then ends what nobody came back to', async () => {
  const first = await hub();
  const home = await first.organisation();
  const [lost, back] = [await legacyChat(first, home, 'Lost'), await legacyChat(first, home, 'Back')];
  await first.app.close();
  lost.customer.close();
  back.customer.close();

  const heir = await hub({ now: first.now + 3_600_000, beside: first });
  await pass(27_000, heir);
  expect(await lifecycle(heir, lost.conversationId)).toBe('open');
  const found = await heir.customer(home, back.customer.visitor);
  expect(found.conversation).toMatchObject({ id: back.conversationId, state: 'waiting' });
  // The old hub's note stands beside the new one; its lease is long over.
  await noted(heir, back.conversationId, { here: 2 });
  await pass(6000, heir);
  await ended(heir, lost.conversationId);
  await pass(60_000, heir);
  expect(await lifecycle(heir, back.conversationId)).toBe('open');
});

test('S1.3: a hub that could not look for a while judges nobody until it has looked for the whole grace', async () => {
  const floor = await hub();
  const home = await floor.organisation();
  const { customer, conversationId } = await legacyChat(floor, home);
  await pass(60_000, floor);
  await leaves(floor, customer, conversationId);
  // An hour without a look, as when the database was away.
  await floor.pass(3_600_000);
  await pass(27_000, floor);
  expect(await lifecycle(floor, conversationId)).toBe('open');
  await pass(6000, floor);
  await ended(floor, conversationId);
});

test('S1.2: other channels stay when their customer goes', async () => {
  const floor = await hub();
  const home = await floor.organisation();
  const customer = await floor.customer(home);
  const chat = await customer.start('I may close this window.');
  const legacy = await legacyChat(floor, home, 'Lost');
  customer.close();
  await leaves(floor, legacy.customer, legacy.conversationId);
  await pass(120_000, floor);
  await ended(floor, legacy.conversationId);
  expect(await lifecycle(floor, chat)).toBe('open');
  const { rows } = await floor.db.system.query('select from customer_presence');
  expect(rows).toEqual([]);
});

test('S1.3: an offer that is out is taken back; a chat that a colleague closes needs no second end', async () => {
  const floor = await hub();
  const home = await floor.organisation();
  const priya = await floor.staff(home, 'Priya');
  await priya.does('person:set-status', { personId: home.person('Priya'), status: 'available' });
  const { customer, conversationId } = await legacyChat(floor, home);
  await priya.sees('an offer', (live) => live.conversations.get(conversationId)?.offer);
  await leaves(floor, customer, conversationId);
  // Offers live 30 s too: the newest one is out when the grace is over.
  await pass(33_000, floor);
  await ended(floor, conversationId);
  await priya.sees('no conversation', (live) => !live.conversations.has(conversationId));
  const { rows } = await floor.db.system.query(`select from job where kind = 'offer:expire'`);
  expect(rows).toEqual([]);

  const other = await legacyChat(floor, home, 'Other');
  await priya.does('conversation:take', { conversationId: other.conversationId });
  await priya.does('conversation:close', { conversationId: other.conversationId });
  other.customer.close();
  await pass(60_000, floor);
  expect(await happened(floor, 'conversation:closed', other.conversationId)).toBe(1);
  expect(floor.log.lines.filter(({ level }) => level !== 'info')).toEqual([]);
});

test('S1.3: a storm of customers who leave at once ends each chat once', async () => {
  const floor = await hub();
  const home = await floor.organisation();
  const chats = await Promise.all(Array.from({ length: 40 }, (_, at) => legacyChat(floor, home, `Customer ${at + 1}`)));
  for (const { customer } of chats) customer.close();
  for (const { conversationId } of chats) await noted(floor, conversationId, { gone: 1 });
  await pass(33_000, floor);
  for (const { conversationId } of chats) await ended(floor, conversationId);
  await pass(6000, floor);
  const { rows } = await floor.db.system.query<{ times: number }>(
    `select count(*)::int as times from log where type = 'conversation:closed'`,
  );
  expect(rows).toEqual([{ times: 40 }]);
});
