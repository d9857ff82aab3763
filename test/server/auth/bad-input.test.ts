import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Staff } from '../../support/staff.ts';

let staff: Staff;
const password = 'copper kettle on monday';

beforeAll(async () => {
  staff = await Staff.start({ origins: ['https://desk.example'] });
});
afterAll(async () => {
  await staff.close();
});

describe('bad input', () => {
  const body = { email: 'arne.agent@example.org', password };

  test.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['the origin null', { origin: 'null' }],
    ['another site without an origin', { 'sec-fetch-site': 'cross-site' }],
  ])('from %s is refused', async (_what, headers) => {
    const answer = await staff.call('POST', '/auth/sign-in', { body, headers });
    expect(answer.status).toBe(403);
    expect(answer.body.refusal?.code).toBe('not_permitted');
  });

  test('from an own page and a listed origin is heard', async () => {
    for (const origin of [`http://127.0.0.1:${staff.port}`, 'https://desk.example']) {
      const headers = { origin, host: `127.0.0.1:${staff.port}` };
      expect((await staff.call('POST', '/auth/sign-in', { body, headers })).status).toBe(401);
    }
  });

  const text = { 'content-type': 'text/plain' };
  test.each<[string, string, string, object, number, string]>([
    [
      'a form',
      '/auth/sign-in',
      'email=a&password=b',
      { 'content-type': 'application/x-www-form-urlencoded' },
      400,
      'bad_input',
    ],
    ['text', '/auth/sign-in', JSON.stringify(body), text, 400, 'bad_input'],
    ['broken JSON', '/auth/sign-in', '{"email":', {}, 400, 'bad_input'],
    ['no JSON object', '/auth/sign-in', '[]', {}, 400, 'bad_input'],
    ['nothing', '/auth/sign-in', '', {}, 400, 'bad_input'],
    ['an unknown field', '/auth/sign-in', JSON.stringify({ ...body, role: 'owner' }), {}, 400, 'bad_input'],
    ['NUL', '/auth/sign-in', JSON.stringify({ ...body, email: 'a\u0000@example.org' }), {}, 400, 'bad_input'],
    [
      'half a surrogate',
      '/auth/sign-in',
      '{"email":"a@example.org","password":"\\ud800 and eleven more"}',
      {},
      400,
      'bad_input',
    ],
    ['numbers for words', '/auth/sign-in', '{"email":1,"password":2}', {}, 400, 'bad_input'],
    ['far too much', '/auth/sign-in', JSON.stringify({ ...body, password: 'x'.repeat(20_000) }), {}, 413, 'too_large'],
    [
      'too long a password',
      '/auth/sign-in',
      JSON.stringify({ ...body, password: 'x'.repeat(257) }),
      {},
      400,
      'bad_input',
    ],
    ['an id that is none', '/auth/demo', '{"personId":"1"}', {}, 400, 'bad_input'],
    ['half a link', '/auth/join', JSON.stringify({ secret: 'abc', password }), {}, 400, 'bad_input'],
    ['an unknown address', '/auth/nothing', '{}', {}, 404, 'not_found'],
    ['another encoding', '/auth/sign-in', JSON.stringify(body), { 'content-encoding': 'nonsense' }, 400, 'bad_input'],
  ])('%s is refused by name', async (_what, path, raw, headers, status, code) => {
    const answer = await staff.call('POST', path, { raw, headers: { ...headers } });
    expect(answer.status).toBe(status);
    expect(answer.body.refusal?.code).toBe(code);
    expect(answer.body.refusal?.message).toMatch(/^[^\n]+\.$/);
    expect(answer.body.refusal?.next).toMatch(/^[^\n]+\.$/);
    expect(staff.log.lines.filter((line) => line.level === 'error')).toEqual([]);
  });

  test('in a cookie or a header is nobody', async () => {
    for (const headers of [
      { cookie: 'halyard=%00' },
      { cookie: `halyard=${'x'.repeat(9000)}` },
      { cookie: '=;;=' },
      { authorization: 'Bearer ' },
      { authorization: 'Basic eDp5' },
    ]) {
      const answer = await staff.call('GET', '/auth/me', { headers });
      expect(answer.status).toBe(401);
      expect(answer.body.refusal?.code).toBe('not_signed_in');
    }
  });
});
