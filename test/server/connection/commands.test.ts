import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectionPage } from '../../../shared/contract/read.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { connected, Sink, signingSecret, writes } from '../../support/messaging.ts';
import { Stage } from '../../support/stage.ts';

let floor: Floor;
let stage: Stage;
beforeAll(async () => {
  floor = await Floor.start({ rates: false });
  stage = await Stage.open(floor);
});
afterAll(() => floor.close());

const given = () => ({
  name: `Messages ${newId(0).slice(-6)}`,
  adapter: 'generic' as const,
  queueId: stage.queue('Banking'),
  target: 'https://crm.example/replies',
  sender: null,
  inbound: signingSecret(),
  outbound: signingSecret(),
  verify: null,
});
const meta = () => ({
  ...given(),
  adapter: 'whatsapp' as const,
  sender: '106540352242922',
  inbound: 'an-app-secret-of-ours',
  outbound: 'EAAtoken0123456789',
  verify: 'a-word-to-verify-us',
});

describe('S1.2 messaging, connections:', () => {
  test.each([
    ['no address', { target: 'crm.example' }],
    ['another protocol', { target: 'file:///etc/passwd' }],
    ['a secret that is no signing secret', { inbound: 'a secret of sixteen' }],
    ['a signing secret that is too short', { outbound: 'whsec_c2hvcnQ=aaaa' }],
    ['no name', { name: '  ' }],
  ])('generic with %s is refused by name', async (_what, wrong) => {
    const answer = await stage.of('Marta').send('connection:create', { ...given(), ...wrong });
    expect(answer).toMatchObject({
      ok: false,
      refusal: { code: 'bad_input', detail: { field: Object.keys(wrong)[0] } },
    });
  });

  test.each([
    ['no phone number', { sender: null }],
    ['a phone number that is none', { sender: '../me' }],
    ['no word', { verify: null }],
    ['a token that is no header', { outbound: 'EAA token 0123456789' }],
  ])('WhatsApp with %s is refused by name', async (_what, wrong) => {
    const answer = await stage.of('Marta').send('connection:create', { ...meta(), ...wrong });
    expect(answer).toMatchObject({
      ok: false,
      refusal: { code: 'bad_input', detail: { field: Object.keys(wrong)[0] } },
    });
  });

  test('a name is taken once, whatever its case; a queue must be there', async () => {
    const one = given();
    await stage.does('Marta', 'connection:create', one);
    expect(await stage.of('Marta').refused('connection:create', { ...given(), name: one.name.toUpperCase() })).toBe(
      'name_taken',
    );
    expect(await stage.of('Marta').refused('connection:create', { ...given(), queueId: newId<'queue'>(0) })).toBe(
      'not_found',
    );
  });

  test('who arranges channels hears of it and reads the list, others do not', async () => {
    const one = given();
    await stage.does('Marta', 'connection:create', one);
    await stage.settle();
    for (const [name, screen] of stage.screens)
      expect(
        screen.heard('connection:created').some((event) => event.connection.name === one.name),
        name,
      ).toBe(name === 'Marta' || name === 'Grace');
    for (const name of ['Priya', 'Tomasz'])
      expect(
        await request(floor.url, 'GET', '/api/connection', { token: await floor.token(stage.home, name) }),
      ).toMatchObject({
        status: 403,
      });
    const away = await floor.organisation();
    const { body } = await request(floor.url, 'GET', '/api/connection', { token: await floor.token(away, 'Grace') });
    expect((body as unknown as { value: ConnectionPage }).value.connections).toEqual([]);
  });

  test('a team whose queue a connection uses is not put away', async () => {
    const { teamId, queueId } = await stage.of('Marta').does('team:create', { name: `Night ${newId(0).slice(-6)}` });
    const { connectionId } = await stage
      .of('Marta')
      .does('connection:create', { ...given(), queueId: queueId as never });
    expect(await stage.of('Marta').refused('team:archive', { teamId: teamId as never })).toBe('team_in_use');
    await stage.does('Marta', 'connection:set-queue', {
      connectionId: connectionId as never,
      queueId: stage.queue('Banking'),
    });
    await stage.does('Marta', 'team:archive', { teamId: teamId as never });
    expect(
      await stage
        .of('Marta')
        .refused('connection:set-queue', { connectionId: connectionId as never, queueId: queueId as never }),
    ).toBe('queue_inactive');
  });

  test('secrets are in their table, and nowhere else: no event, answer, log, screen or page', async () => {
    const sink = await Sink.open();
    const to = await connected(stage.of('Marta'), stage.queue('Banking'), sink.url);
    const rotated = { inbound: signingSecret(), outbound: signingSecret() };
    await stage.does('Marta', 'connection:set-secrets', { connectionId: to.connectionId, ...rotated, verify: null });
    const other = meta();
    await stage.does('Marta', 'connection:create', other);
    await writes(floor, { ...to, ...rotated }, 'canary-address-77', 'Hello?');
    const { id: conversationId } = await stage
      .of('Priya')
      .sees('it', (live) => [...live.conversations.values()].find((one) => one.connectionId === to.connectionId));
    await stage.does('Priya', 'conversation:take', { conversationId });
    await stage.does('Priya', 'message:send', { conversationId, text: 'Yes.' });
    await stage.settle();
    expect(sink.got).toHaveLength(1);
    // Bad requests too leave none behind.
    await writes(floor, to, 'canary-address-77', 'Badly signed.');

    const secrets = [to.inbound, to.outbound, ...Object.values(rotated), other.inbound, other.outbound, other.verify];
    const address = 'canary-address-77';
    const frames = JSON.stringify([...stage.screens.values()].map((screen) => screen.frames));
    const token = await floor.token(stage.home, 'Grace');
    const pages = await Promise.all(
      ['/api/connection', `/api/conversation/${conversationId}/transcript`, '/api/conversation?closed', '/metrics'].map(
        (path) => request(floor.url, 'GET', path, { token }),
      ),
    );
    const { rows: tables } = await floor.db.system.query<{ name: string }>(
      `select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and relkind = 'r'`,
    );
    const hay: [string, string][] = [
      ['frames', frames],
      ['pages', pages.map(({ text }) => text).join()],
      ['log', JSON.stringify(floor.log.lines)],
      ['webhook', JSON.stringify(sink.got.map(({ body, headers }) => [body.replaceAll(address, ''), headers]))],
    ];
    for (const { name } of tables) {
      const { rows } = await floor.db.system.query<{ row: string }>(
        `select row_to_json(t)::text as row from "${name}" t`,
      );
      const text = rows.map(({ row }) => row).join('\n');
      if (name === 'connection_secret') for (const secret of secrets.slice(2)) expect(text).toContain(secret);
      else if (name === 'customer_address') expect(text).toContain(address);
      else hay.push([`table ${name}`, text]);
    }
    for (const [where, text] of hay)
      for (const secret of [...secrets, address]) expect(text.includes(secret), where).toBe(false);
    // The old ones are gone for good, and the batch's own login cannot read the new ones.
    const { rows } = await floor.db.system.query<{ row: string }>(
      'select row_to_json(t)::text as row from connection_secret t',
    );
    expect(rows.map(({ row }) => row).join()).not.toContain(to.inbound);
    await expect(floor.db.app.query('select inbound from connection_secret')).rejects.toMatchObject({ code: '42501' });
    await sink.close();
  });
});
