import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sign } from '../../../server/channel/generic.ts';
import type { Conversation } from '../../../shared/contract/conversation.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { type Connected, connected, post, postWhatsapp, received, writes } from '../../support/messaging.ts';
import { Stage } from '../../support/stage.ts';
import { kinds, phone, whatsappMessage, whatsappText } from '../../support/whatsapp.ts';

/** The way in, over real HTTP. Nothing is sent out: the target is a private address. */
const nowhere = 'http://10.0.0.1/';
const now = Date.UTC(2026, 2, 1, 9, 30);
const day = 24 * 3_600_000;

let floor: Floor;
let stage: Stage;
let to: Connected;
let meta: Connected;

beforeAll(async () => {
  floor = await Floor.start({ now, rates: false });
  stage = await Stage.open(floor);
  to = await connected(stage.of('Marta'), stage.queue('Banking'), nowhere);
  meta = await connected(stage.of('Marta'), stage.queue('Travel'), nowhere, 'whatsapp');
});
afterAll(() => floor.close());

const ofConnection = (one: Connected): Conversation[] =>
  [...stage.of('Grace').now.conversations.values()].filter((each) => each.connectionId === one.connectionId);
/** The open conversation whose last line is this one. */
const saying = (text: string): Promise<Conversation> =>
  stage
    .of('Grace')
    .sees(`a conversation that says ${text}`, (live) =>
      [...live.conversations.values()].find((one) => one.lastLine?.text === text),
    );
const position = async (): Promise<number> => {
  const { rows } = await floor.db.system.query<{ position: number }>(
    'select position from clock where organisation_id = $1',
    [stage.home.id],
  );
  return rows[0]?.position ?? 0;
};
const nothingHappens = async (run: () => Promise<unknown>): Promise<void> => {
  await stage.settle();
  const before = await position();
  await run();
  await stage.settle();
  expect(await position()).toBe(before);
};

describe('S1.2 messaging, in:', () => {
  test('a signed message opens a conversation on the connection’s queue, and the next goes on with it', async () => {
    expect(await writes(floor, to, 'rosa', 'My card is gone.')).toMatchObject({ status: 200, body: { ok: true } });
    const one = await saying('My card is gone.');
    expect(one).toMatchObject({
      channel: 'messaging',
      connectionId: to.connectionId,
      queueId: stage.queue('Banking'),
      customerName: 'Rosa Iglesias',
      lifecycle: 'open',
    });
    await writes(floor, to, 'rosa', 'Hello?');
    expect((await saying('Hello?')).id).toBe(one.id);
    await writes(floor, to, 'philip', 'And mine?');
    expect((await saying('And mine?')).id).not.toBe(one.id);
    expect((await saying('And mine?')).customerId).not.toBe(one.customerId);
    // Only its team sees it.
    await stage.settle();
    expect(stage.of('Priya').now.conversations.has(one.id)).toBe(true);
    expect(stage.of('Leo').now.conversations.has(one.id)).toBe(false);
  });

  test('the same customer has another conversation after the first was closed', async () => {
    await writes(floor, to, 'twice', 'First.');
    const first = await saying('First.');
    await stage.does('Marta', 'conversation:close', { conversationId: first.id });
    await writes(floor, to, 'twice', 'Second.');
    const second = await saying('Second.');
    expect(second.id).not.toBe(first.id);
    expect(second.customerId).toBe(first.customerId);
  });

  test('the same address on another connection is another customer', async () => {
    const other = await connected(stage.of('Marta'), stage.queue('Banking'), nowhere);
    await writes(floor, to, 'both', 'Here.');
    await writes(floor, other, 'both', 'There.');
    expect((await saying('Here.')).customerId).not.toBe((await saying('There.')).customerId);
  });

  test('a replayed request is answered and does nothing twice, also when many come at once', async () => {
    const body = received('replay', 'Once.', floor.now);
    const id = `msg_${randomUUID()}`;
    const all = await Promise.all(Array.from({ length: 8 }, () => post(floor, to, body, { id })));
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    await saying('Once.');
    await nothingHappens(() => post(floor, to, body, { id }));
    const { rows } = await floor.db.system.query(`select from entry where text = 'Once.'`);
    expect(rows).toHaveLength(1);
  });

  test('another message under an id that was used is told so', async () => {
    const id = `msg_${randomUUID()}`;
    await post(floor, to, received('reuse', 'One.', floor.now), { id });
    await nothingHappens(async () => {
      const reply = await post(floor, to, received('reuse', 'Two.', floor.now), { id });
      expect([reply.status, reply.code]).toEqual([409, 'id_reused']);
      const elsewhere = await post(floor, to, received('reuse-by-another', 'One.', floor.now), { id });
      expect([elsewhere.status, elsewhere.code]).toEqual([409, 'id_reused']);
    });
  });

  test('unsigned, badly signed, late, too large, malformed, unknown: refused with a code, and nothing happens', async () => {
    const path = `/channel/${to.connectionId}`;
    const body = received('stranger', 'Let me in.', floor.now);
    const text = JSON.stringify(body);
    await nothingHappens(async () => {
      const asked = async (run: Promise<{ status: number; code: string | null }>): Promise<unknown[]> => {
        const { status, code } = await run;
        return [status, code];
      };
      expect(await asked(request(floor.url, 'POST', path, { body }))).toEqual([401, 'bad_signature']);
      expect(await asked(request(floor.url, 'POST', path, {}))).toEqual([401, 'bad_signature']);
      expect(await asked(post(floor, { ...to, inbound: to.outbound }, body))).toEqual([401, 'bad_signature']);
      expect(await asked(post(floor, to, body, { at: floor.now - 301_000 }))).toEqual([401, 'too_old']);
      expect(await asked(post(floor, to, body, { at: floor.now + 301_000 }))).toEqual([401, 'too_old']);
      expect(await asked(post(floor, to, { ...body, more: 'x'.repeat(64 * 1024) }))).toEqual([413, 'too_large']);
      expect(await asked(post(floor, to, { type: 'message.received' }))).toEqual([400, 'bad_input']);
      expect(await asked(post(floor, to, received('', 'No address.', floor.now)))).toEqual([400, 'bad_input']);
      expect(await asked(post(floor, to, received('nul', 'a\0b', floor.now)))).toEqual([400, 'bad_input']);
      expect(await asked(post(floor, to, received('long', 'x'.repeat(4001), floor.now)))).toEqual([400, 'bad_input']);
      for (const id of [newId(0), 'nonsense', '%E0%A4%A', `${to.connectionId}/x`])
        expect(
          (
            await request(floor.url, 'POST', `/channel/${id}`, {
              body: text,
              headers: sign(to.inbound, 'm', now, text),
            })
          ).status,
        ).toBeGreaterThanOrEqual(400);
      expect(await asked(request(floor.url, 'POST', `/channel/${newId(0)}`, { body }))).toEqual([404, 'not_found']);
      expect(await asked(request(floor.url, 'PUT', path, { body }))).toEqual([404, 'not_found']);
      // Old by the message's own word: it could happen a second time, because answers are kept for 7 days.
      const late = await post(floor, to, received('late', 'Long ago.', floor.now - 7 * day - 1000));
      expect([late.status, late.body]).toMatchObject([200, { value: { received: 0, late: 1 } }]);
    });
    // A secret of one connection opens no other, and neither does another kind of signature.
    await nothingHappens(async () => {
      expect((await postWhatsapp(floor, to, body)).code).toBe('bad_signature');
      const crossed = await post(floor, { ...meta, inbound: to.inbound }, body);
      expect(crossed.code).toBe('bad_signature');
    });
  });

  test('no cookie, origin or token counts here, and none is asked for', async () => {
    const headers = { origin: 'https://evil.example', cookie: 'halyard=x', authorization: 'Bearer x' };
    const reply = await post(floor, to, received('origin', 'From anywhere.', floor.now), { headers });
    expect(reply.status).toBe(200);
  });

  test('a connection that is switched off takes nothing, and takes the same message once it is on', async () => {
    const off = await connected(stage.of('Marta'), stage.queue('Banking'), nowhere);
    const { connectionId } = off;
    await stage.does('Marta', 'connection:deactivate', { connectionId });
    await nothingHappens(async () => {
      expect(await writes(floor, off, 'rosa', 'Anybody?', 'msg_off')).toMatchObject({
        status: 409,
        code: 'connection_inactive',
      });
      // Whoever cannot sign does not even learn that it is off.
      expect((await writes(floor, { ...off, inbound: to.inbound }, 'rosa', 'Anybody?')).code).toBe('bad_signature');
    });
    await stage.does('Marta', 'connection:activate', { connectionId });
    expect((await writes(floor, off, 'rosa', 'Anybody?', 'msg_off')).status).toBe(200);
    await saying('Anybody?');
  });

  test('new secrets count at once, the old ones no more', async () => {
    const one = await connected(stage.of('Marta'), stage.queue('Banking'), nowhere);
    const { connectionId, inbound, outbound } = to;
    await stage.does('Marta', 'connection:set-secrets', {
      connectionId: one.connectionId,
      inbound,
      outbound,
      verify: null,
    });
    expect((await writes(floor, one, 'rotate', 'Old.')).code).toBe('bad_signature');
    expect((await writes(floor, { ...one, inbound }, 'rotate', 'New.')).status).toBe(200);
    expect(connectionId).not.toBe(one.connectionId);
  });

  test('another organisation’s connection brings its messages there, and shows nothing here', async () => {
    const away = await Stage.open(floor);
    const theirs = await connected(away.of('Marta'), away.queue('Banking'), nowhere);
    await nothingHappens(() => writes(floor, theirs, 'rosa', 'For the others.'));
    await away
      .of('Grace')
      .sees('their message', (live) =>
        [...live.conversations.values()].some((one) => one.lastLine?.text === 'For the others.'),
      );
    expect(JSON.stringify(stage.of('Grace').frames)).not.toContain('For the others.');
    for (const [name, input] of [
      ['connection:rename', { connectionId: theirs.connectionId, name: 'Ours' }],
      ['connection:deactivate', { connectionId: theirs.connectionId }],
    ] as const)
      expect(await stage.of('Marta').refused(name, input)).toBe('not_found');
    away.close();
  });

  test('a customer who writes very often is asked to wait, the others are not', async () => {
    const tight = await Floor.start({ beside: floor });
    const body = (from: string) => received(from, 'Again.', tight.now);
    const real = { ...tight, url: tight.url, now: tight.now };
    const replies = await Promise.all(Array.from({ length: 40 }, () => post(real, to, body('eager'))));
    const refused = replies.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, code } of refused) expect([status, code]).toEqual([429, 'rate_limited']);
    expect((await post(real, to, body('patient'))).status).toBe(200);
    await tight.close();
  });
});

describe('S1.2 messaging, in by WhatsApp:', () => {
  test('the subscription’s handshake', async () => {
    const path = (word: string) =>
      `/channel/${meta.connectionId}?hub.mode=subscribe&hub.verify_token=${word}&hub.challenge=1158201444`;
    const reply = await request(floor.url, 'GET', path(meta.verify ?? ''));
    expect([reply.status, reply.text]).toEqual([200, '1158201444']);
    for (const wrong of [
      path('guess'),
      `/channel/${meta.connectionId}`,
      path('').replace(meta.connectionId, to.connectionId),
    ])
      expect(await request(floor.url, 'GET', wrong)).toMatchObject({ status: 404, code: 'not_found' });
  });

  test('a message comes in once, under whatever name', async () => {
    expect((await postWhatsapp(floor, meta, whatsappText('Is my flight late?', 'wamid.A', now))).status).toBe(200);
    const one = await saying('Is my flight late?');
    expect(one).toMatchObject({ channel: 'messaging', customerName: 'Rosa Iglesias', queueId: stage.queue('Travel') });
    await nothingHappens(async () => {
      expect((await postWhatsapp(floor, meta, whatsappText('Is my flight late?', 'wamid.A', now))).status).toBe(200);
      const renamed = JSON.stringify(whatsappText('Is my flight late?', 'wamid.A', now)).replace(
        'Rosa Iglesias',
        'Rosie',
      );
      expect((await postWhatsapp(floor, meta, renamed)).status).toBe(200);
    });
    // The number is nowhere on a screen, nor in the log.
    expect(JSON.stringify([...stage.screens.values()].map(({ frames }) => frames))).not.toContain(phone);
    const { rows } = await floor.db.system.query('select from log where payload::text like $1', [`%${phone}%`]);
    expect(rows).toEqual([]);
  });

  test('what is no text is said in words', async () => {
    const shown = kinds.filter(([, , read]) => read !== null);
    for (const [at, [type, content]] of shown.entries())
      expect((await postWhatsapp(floor, meta, whatsappMessage(type, content, `wamid.kind${at}`, now))).status).toBe(
        200,
      );
    const [one] = ofConnection(meta);
    const { rows } = await floor.db.system.query<{ text: string }>(
      `select text from entry where conversation_id = $1 and author = 'customer' order by position`,
      [one?.id],
    );
    expect(rows.slice(1).map(({ text }) => text)).toEqual(shown.map(([, , read]) => read));
  });

  test('messages of more than 7 days ago are left out', async () => {
    await nothingHappens(async () => {
      const reply = await postWhatsapp(floor, meta, whatsappText('Old news.', 'wamid.old', now - 7 * day - 1000));
      expect([reply.status, reply.body]).toMatchObject([200, { value: { received: 0, late: 1 } }]);
    });
  });

  test('a broken message is refused, and those beside it are taken', async () => {
    const good = JSON.stringify(whatsappText('Beside it.', 'wamid.good', now));
    const body = good.replace('"messages":[', '"messages":[{"id":5},');
    expect(await postWhatsapp(floor, meta, body)).toMatchObject({ status: 400, code: 'bad_input' });
    await saying('Beside it.');
  });
});

test('S1.2 messaging: whatever comes, the answer is typed and never a 500', async () => {
  const methods = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD');
  const ids = fc.constantFrom(to.connectionId, meta.connectionId, newId(0), 'x', '..', '%00', '%');
  const names = fc.constantFrom(
    'webhook-id',
    'webhook-timestamp',
    'webhook-signature',
    'x-hub-signature-256',
    'content-type',
    'content-encoding',
    'hub.mode',
  );
  const values = fc.oneof(
    fc.constantFrom('gzip', 'application/json', 'sha256=00', 'v1,AAAA', `${now / 1000}`, 'text/plain; charset=utf-16'),
    fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) }),
  );
  await fc.assert(
    fc.asyncProperty(
      methods,
      ids,
      fc.dictionary(names, values),
      fc.uint8Array({ maxLength: 300 }),
      fc.webQueryParameters(),
      async (method, id, headers, bytes, query) => {
        const response = await fetch(`${floor.url}/channel/${id}?${query}`, {
          method,
          headers,
          ...(method === 'GET' || method === 'HEAD' ? {} : { body: Buffer.from(bytes) }),
        });
        const text = await response.text();
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(response.status).toBeLessThan(500);
        if (method === 'HEAD' || response.headers.get('content-type')?.includes('json') !== true) return;
        expect(JSON.parse(text)).toMatchObject({
          ok: false,
          refusal: { code: expect.any(String), next: expect.any(String) },
        });
      },
    ),
    { numRuns: 150 },
  );
  // Well signed, and odd within.
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.boolean(), async (odd, byMeta) => {
      const reply = byMeta
        ? await postWhatsapp(floor, meta, { object: 'whatsapp_business_account', entry: [{ changes: [odd] }], odd })
        : await post(floor, to, { type: 'message.received', timestamp: new Date(now).toISOString(), data: odd });
      expect([200, 400, 429]).toContain(reply.status);
    }),
    { numRuns: 60 },
  );
  expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
