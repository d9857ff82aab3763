import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashSecret, idleMs, longestMs } from '../../../server/auth/login-session.ts';
import type { SignedIn } from '../../../shared/contract/read.ts';
import { founder, type MadeOrganisation, makeOrganisation } from '../../support/organisation.ts';
import { link, Staff } from '../../support/staff.ts';

let staff: Staff;
let floor: MadeOrganisation;
const password = 'copper kettle on monday';

/** Lets somebody set a password by a link, as their first visit would. */
async function givePassword(name: string): Promise<void> {
  const { secret, tokenHash } = link();
  await staff.command(floor.id, floor.person('Olga Owner'), 'person:renew-invitation', {
    personId: floor.person(name),
    tokenHash,
  });
  const joined = await staff.call('POST', '/auth/join', { body: { secret, password } });
  expect(joined.status).toBe(200);
}

const signIn = (email: string, given = password, headers: Record<string, string> = {}) =>
  staff.call('POST', '/auth/sign-in', { body: { email, password: given }, headers });

const sessions = () =>
  staff.rows<{ hash: string; kind: string; person_id: string }>(
    `select encode(token_hash, 'hex') as hash, kind, person_id from login_session`,
  );

beforeEach(async () => {
  staff = await Staff.start();
  floor = await makeOrganisation(staff, {
    demo: true,
    teams: ['Boats', 'Trains'],
    people: [
      founder('Olga Owner', 'owner'),
      founder('Arne Agent', 'agent', { teams: ['Boats'] }),
      founder('Sara Super', 'supervisor', { supervises: ['Boats', 'Trains'] }),
    ],
  });
});
afterEach(async () => {
  await staff.close();
});

describe('signing in', () => {
  test('gives a cookie that scripts cannot read and the database cannot use', async () => {
    await givePassword('Arne Agent');
    const answer = await signIn('Arne.Agent@Example.org');
    expect(answer.status).toBe(200);
    expect(answer.body.value).toEqual({
      personId: floor.person('Arne Agent'),
      organisationId: floor.id,
      name: 'Arne Agent',
      role: 'agent',
      token: null,
    });
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^halyard=[\w-]{43}; Max-Age=2592000; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
    const token = answer.cookie?.slice('halyard='.length) ?? '';
    const rows = await sessions();
    expect(rows.map((row) => row.hash)).toContain(hashSecret(token));
    expect(JSON.stringify(rows)).not.toContain(token);

    const me = await staff.call('GET', '/auth/me', { headers: { cookie: answer.cookie ?? '' } });
    expect((me.body.value as SignedIn).name).toBe('Arne Agent');
  });

  test('answers alike for a wrong password, an unknown address, somebody without a password and somebody deactivated', async () => {
    await givePassword('Arne Agent');
    await givePassword('Sara Super');
    await staff.command(floor.id, floor.person('Olga Owner'), 'person:deactivate', {
      personId: floor.person('Sara Super'),
    });
    staff.engine.verified.length = 0;
    const answers = [
      await signIn('arne.agent@example.org', 'not the right password'),
      await signIn('nobody@example.org'),
      await signIn('olga.owner@example.org'),
      await signIn('sara.super@example.org'),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual(answers[0]?.body);
      expect(answer.cookie).toBeNull();
    }
    expect(answers[0]?.body.refusal?.code).toBe('wrong_credentials');
    // The same work for each: one verification, of the stored hash or of nobody's.
    expect(staff.engine.verified).toHaveLength(4);
    const [known, nobody, none, gone] = staff.engine.verified;
    expect(nobody).toBe(none);
    expect(nobody).not.toBe(known);
    expect(gone).toBe(known);
  });

  test('puts a new session in place of the one the browser had', async () => {
    await givePassword('Arne Agent');
    const first = await signIn('arne.agent@example.org');
    const before = await sessions();
    const second = await signIn('arne.agent@example.org', password, { cookie: first.cookie ?? '' });
    const after = await sessions();
    expect(second.cookie).not.toBe(first.cookie);
    expect(after).toHaveLength(before.length);
    const hash = hashSecret(first.cookie?.slice('halyard='.length) ?? '');
    expect(staff.ended).toEqual([hash]);
    expect(after.map((row) => row.hash)).not.toContain(hash);
  });

  test('is held up after a few wrong passwords for one address, and says until when', async () => {
    await givePassword('Arne Agent');
    for (let at = 0; at < 6; at += 1)
      expect((await signIn('arne.agent@example.org', 'wrong wrong wrong')).status).toBe(401);
    const held = await signIn('arne.agent@example.org');
    expect(held.status).toBe(429);
    expect(held.body.refusal?.code).toBe('rate_limited');
    expect(held.body.refusal?.detail?.retryAt).toBeGreaterThan(staff.now);
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(0);
    // Somebody else at the same place is not held up, and an unknown address is counted just the same.
    expect((await signIn('sara.super@example.org', 'wrong wrong wrong')).status).toBe(401);
    for (let at = 0; at < 6; at += 1) await signIn('nobody@example.org');
    expect((await signIn('nobody@example.org')).status).toBe(429);
  });

  test('is held up after a hundred wrong passwords from one place, whoever they are for', async () => {
    for (let at = 0; at < 100; at += 1) expect((await signIn(`guess${at}@example.org`)).status).toBe(401);
    expect((await signIn('guess100@example.org')).status).toBe(429);
  });

  test('does not hold up somebody who gets it right again and again', async () => {
    await givePassword('Arne Agent');
    for (let at = 0; at < 35; at += 1) expect((await signIn('arne.agent@example.org')).status).toBe(200);
  });

  test('over https has a cookie that no neighbour can set', async () => {
    await staff.close();
    staff = await Staff.start({ trustProxy: 1 });
    floor = await makeOrganisation(staff, { people: [founder('Olga Owner', 'owner'), founder('Arne Agent', 'agent')] });
    await givePassword('Arne Agent');
    const https = { 'x-forwarded-proto': 'https' };
    const answer = await signIn('arne.agent@example.org', password, https);
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^__Host-halyard=[\w-]{43}; .*Path=\/; .*HttpOnly; Secure; SameSite=Lax$/,
    );
    expect((await staff.call('GET', '/auth/me', { headers: { ...https, cookie: answer.cookie ?? '' } })).status).toBe(
      200,
    );
    // The plain name does not count where the prefixed one belongs, nor the other way round.
    const plain = (answer.cookie ?? '').replace('__Host-', '');
    expect((await staff.call('GET', '/auth/me', { headers: { ...https, cookie: plain } })).status).toBe(401);
    expect((await staff.call('GET', '/auth/me', { headers: { cookie: answer.cookie ?? '' } })).status).toBe(401);
  });
});

describe('a session', () => {
  const me = (cookie: string) => staff.call('GET', '/auth/me', { headers: { cookie } });

  test('lapses after twelve hours without use, and after thirty days in any case', async () => {
    await givePassword('Arne Agent');
    const cookie = (await signIn('arne.agent@example.org')).cookie ?? '';
    const start = staff.now;
    for (let at = start; at < start + longestMs - idleMs; at += idleMs - 1000) {
      staff.now = at;
      expect((await me(cookie)).status).toBe(200);
    }
    staff.now += idleMs - 1000;
    expect((await me(cookie)).status).toBe(200);
    staff.now = start + longestMs;
    expect((await me(cookie)).status).toBe(401);

    const other = (await signIn('arne.agent@example.org')).cookie ?? '';
    staff.now += idleMs;
    expect((await me(other)).status).toBe(401);
    // Lapsed rows go when the person comes back.
    await signIn('arne.agent@example.org');
    expect((await sessions()).filter((row) => row.person_id === floor.person('Arne Agent'))).toHaveLength(1);
  });

  test('notes its last use once a minute at most', async () => {
    await givePassword('Arne Agent');
    const answer = await signIn('arne.agent@example.org');
    const hash = hashSecret(answer.cookie?.slice('halyard='.length) ?? '');
    const seen = async () =>
      (
        await staff.rows<{ last_seen_at: number }>(
          `select last_seen_at from login_session where token_hash = decode($1, 'hex')`,
          [hash],
        )
      )[0]?.last_seen_at;
    const start = staff.now;
    staff.now += 59_000;
    await me(answer.cookie ?? '');
    expect(await seen()).toBe(start);
    staff.now += 1000;
    await me(answer.cookie ?? '');
    expect(await seen()).toBe(start + 60_000);
    staff.now += 60_000;
    expect(await staff.auth.keepSessions([hash, hashSecret('another')])).toEqual(new Set([hash]));
    expect(await seen()).toBe(start + 120_000);
  });

  test('ends when signing out, and its sockets are told', async () => {
    await givePassword('Arne Agent');
    const answer = await signIn('arne.agent@example.org');
    const hash = hashSecret(answer.cookie?.slice('halyard='.length) ?? '');
    const out = await staff.call('POST', '/auth/sign-out', { body: {}, headers: { cookie: answer.cookie ?? '' } });
    expect(out.status).toBe(200);
    expect(out.headers['set-cookie']?.[0]).toMatch(/^halyard=; Path=\/; Expires=Thu, 01 Jan 1970/);
    expect(staff.ended).toContain(hash);
    expect((await me(answer.cookie ?? '')).status).toBe(401);
    expect(await staff.auth.keepSessions([hash])).toEqual(new Set());
    expect((await staff.call('POST', '/auth/sign-out', { body: {} })).status).toBe(200);
  });

  test('of everywhere ends with one command, and with deactivation', async () => {
    await givePassword('Arne Agent');
    const personId = floor.person('Arne Agent');
    const cookies = [];
    for (let at = 0; at < 3; at += 1) cookies.push((await signIn('arne.agent@example.org')).cookie ?? '');
    expect(await staff.command(floor.id, personId, 'person:sign-out-everywhere', { personId })).toMatchObject({
      ok: true,
    });
    for (const cookie of cookies) expect((await me(cookie)).status).toBe(401);
    const again = (await signIn('arne.agent@example.org')).cookie ?? '';
    expect(again).not.toBe('');
    await staff.command(floor.id, floor.person('Olga Owner'), 'person:deactivate', { personId });
    expect((await me(again)).status).toBe(401);
    expect((await sessions()).filter((row) => row.person_id === personId)).toEqual([]);
  });
});

describe('a link', () => {
  test('lets somebody join once, under a name of their own', async () => {
    const { secret, tokenHash } = link();
    const invited = await staff.command(floor.id, floor.person('Olga Owner'), 'person:invite', {
      name: 'Nia',
      email: 'Nia@example.org',
      role: 'agent',
      teamIds: [floor.team('Boats')],
      supervises: [],
      capacity: 3,
      tokenHash,
    });
    expect(invited.ok).toBe(true);
    expect((await signIn('nia@example.org')).status).toBe(401);
    const view = await staff.call('POST', '/auth/invitation', { body: { secret } });
    expect(view.body.value).toEqual({
      name: 'Nia',
      email: 'Nia@example.org',
      organisation: 'Harbour Help',
      joined: false,
      expiresAt: staff.now + 72 * 3_600_000,
    });
    const joined = await staff.call('POST', '/auth/join', { body: { secret, password, name: 'Nia Novak' } });
    expect(joined.status).toBe(200);
    expect(joined.cookie).toMatch(/^halyard=/);
    expect((joined.body.value as SignedIn).name).toBe('Nia Novak');
    expect((await signIn('nia@example.org')).status).toBe(200);
    for (const path of ['/auth/join', '/auth/invitation']) {
      const again = await staff.call('POST', path, { body: path === '/auth/join' ? { secret, password } : { secret } });
      expect(again.status).toBe(410);
      expect(again.body.refusal?.code).toBe('invitation_gone');
    }
  });

  test('is won by one of two who redeem it in the same instant', async () => {
    const { secret, tokenHash } = link();
    await staff.command(floor.id, floor.person('Olga Owner'), 'person:invite', {
      name: 'Nia',
      email: 'nia@example.org',
      role: 'agent',
      teamIds: [],
      supervises: [],
      capacity: 3,
      tokenHash,
    });
    const answers = await Promise.all(
      ['copper kettle on monday', 'another kettle on tuesday'].map((given) =>
        staff.call('POST', '/auth/join', { body: { secret, password: given } }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 410]);
  });

  test('lapses after three days, and is replaced by a newer one', async () => {
    const [old, fresh] = [link(), link()];
    const personId = floor.person('Arne Agent');
    await staff.command(floor.id, floor.person('Olga Owner'), 'person:renew-invitation', {
      personId,
      tokenHash: old.tokenHash,
    });
    await staff.command(floor.id, floor.person('Olga Owner'), 'person:renew-invitation', {
      personId,
      tokenHash: fresh.tokenHash,
    });
    expect((await staff.call('POST', '/auth/join', { body: { secret: old.secret, password } })).status).toBe(410);
    staff.now += 72 * 3_600_000;
    expect((await staff.call('POST', '/auth/join', { body: { secret: fresh.secret, password } })).status).toBe(410);
  });

  test('for a new password ends every older session', async () => {
    await givePassword('Arne Agent');
    const before = (await signIn('arne.agent@example.org')).cookie ?? '';
    const { secret, tokenHash } = link();
    const personId = floor.person('Arne Agent');
    await staff.command(floor.id, floor.person('Olga Owner'), 'person:renew-invitation', { personId, tokenHash });
    const joined = await staff.call('POST', '/auth/join', { body: { secret, password: 'another kettle on tuesday' } });
    expect(joined.status).toBe(200);
    expect((await staff.call('GET', '/auth/me', { headers: { cookie: before } })).status).toBe(401);
    expect((await staff.call('GET', '/auth/me', { headers: { cookie: joined.cookie ?? '' } })).status).toBe(200);
    expect((await signIn('arne.agent@example.org')).status).toBe(401);
    expect((await signIn('arne.agent@example.org', 'another kettle on tuesday')).status).toBe(200);
  });

  test('of a deactivated person is dead', async () => {
    const { secret, tokenHash } = link();
    const personId = floor.person('Arne Agent');
    await staff.command(floor.id, floor.person('Olga Owner'), 'person:renew-invitation', { personId, tokenHash });
    await staff.command(floor.id, floor.person('Olga Owner'), 'person:deactivate', { personId });
    expect((await staff.call('POST', '/auth/join', { body: { secret, password } })).status).toBe(410);
  });

  test('asks for a better password and loses nothing', async () => {
    const { secret, tokenHash } = link();
    const personId = floor.person('Arne Agent');
    await staff.command(floor.id, floor.person('Olga Owner'), 'person:renew-invitation', { personId, tokenHash });
    for (const weak of ['short', 'passwordpassword', 'Arne Agent 1']) {
      const answer = await staff.call('POST', '/auth/join', { body: { secret, password: weak } });
      expect(answer.status).toBe(400);
      expect(answer.body.refusal).toMatchObject({ code: 'bad_input', detail: { field: 'password' } });
    }
    expect((await staff.call('POST', '/auth/join', { body: { secret, password } })).status).toBe(200);
  });
});

describe('the demo door', () => {
  test('lists the people of the demo organisation, and lets one in as a tab', async () => {
    const door = await staff.call('GET', '/auth/door');
    expect(door.body.value).toEqual({
      demo: [
        { personId: floor.person('Arne Agent'), name: 'Arne Agent', role: 'agent', teams: ['Boats'] },
        { personId: floor.person('Sara Super'), name: 'Sara Super', role: 'supervisor', teams: ['Boats', 'Trains'] },
        { personId: floor.person('Olga Owner'), name: 'Olga Owner', role: 'owner', teams: [] },
      ],
    });
    const entered = await staff.call('POST', '/auth/demo', { body: { personId: floor.person('Arne Agent') } });
    expect(entered.status).toBe(200);
    expect(entered.cookie).toBeNull();
    const { token } = entered.body.value as SignedIn;
    const me = await staff.call('GET', '/auth/me', { headers: { authorization: `Bearer ${token}` } });
    expect((me.body.value as SignedIn).personId).toBe(floor.person('Arne Agent'));
    // A tab's token is no cookie, and a cookie's no bearer.
    expect((await staff.call('GET', '/auth/me', { headers: { cookie: `halyard=${token}` } })).status).toBe(401);
    // Another tab is another person, and this one stays.
    await staff.call('POST', '/auth/demo', { body: { personId: floor.person('Sara Super') } });
    expect((await staff.call('GET', '/auth/me', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    await staff.call('POST', '/auth/sign-out', { body: {}, headers: { authorization: `Bearer ${token}` } });
    expect((await staff.call('GET', '/auth/me', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  });

  test.each([
    ['another Host', { host: 'desk.example' }],
    ['a forwarded request', { 'x-forwarded-for': '127.0.0.1' }],
  ])('is shut for %s', async (_what, headers) => {
    expect((await staff.call('GET', '/auth/door', { headers })).body.value).toEqual({ demo: [] });
    const answer = await staff.call('POST', '/auth/demo', { body: { personId: floor.person('Arne Agent') }, headers });
    expect(answer.status).toBe(403);
    expect(await sessions()).toEqual([]);
  });

  test('is shut without the demo', async () => {
    await staff.close();
    staff = await Staff.start({ demo: false });
    floor = await makeOrganisation(staff, { demo: true, people: [founder('Olga Owner', 'owner')] });
    expect((await staff.call('GET', '/auth/door')).body.value).toEqual({ demo: [] });
    expect((await staff.call('POST', '/auth/demo', { body: { personId: floor.person('Olga Owner') } })).status).toBe(
      403,
    );
  });

  test('lets in nobody of a real organisation', async () => {
    const real = await makeOrganisation(staff, { people: [founder('Rita Real', 'owner')] });
    const answer = await staff.call('POST', '/auth/demo', { body: { personId: real.person('Rita Real') } });
    expect(answer.status).toBe(404);
  });
});

test('no secret is in the log, an answer or an event', async () => {
  const { secret, tokenHash } = link();
  await staff.command(floor.id, floor.person('Olga Owner'), 'person:invite', {
    name: 'Nia',
    email: 'canary-7f3a@example.org',
    role: 'agent',
    teamIds: [],
    supervises: [],
    capacity: 3,
    tokenHash,
  });
  const joined = await staff.call('POST', '/auth/join', { body: { secret, password } });
  const token = joined.cookie?.slice('halyard='.length) ?? '';
  const stored = await staff.rows<{ password_hash: string }>(
    `select password_hash from credential where email like 'canary%'`,
  );
  const rows = JSON.stringify([
    await staff.rows('select * from log'),
    await staff.rows('select answer from answer'),
    staff.log.lines,
  ]);
  for (const kept of [
    'canary-7f3a',
    secret,
    tokenHash,
    password,
    token,
    hashSecret(token),
    stored[0]?.password_hash ?? 'none',
  ]) {
    expect(rows).not.toContain(kept);
  }
  expect(rows).toContain('person:invited');
});
