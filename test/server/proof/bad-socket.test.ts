import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandName, commands } from '../../../shared/contract/command.ts';
import { isId } from '../../../shared/contract/id.ts';
import { limits } from '../../../shared/contract/limits.ts';
import { type RefusalCode, refusalStatus } from '../../../shared/contract/refusal.ts';
import { newId } from '../../../shared/contract/uuid.ts';
import { protocolVersion } from '../../../shared/contract/version.ts';
import { cast, Floor } from '../../support/floor.ts';
import { customerFrame, type Scenario, scenarios } from '../../support/scenario.ts';
import { Stage } from '../../support/stage.ts';

/** I12: whatever a frame holds, the answer is a typed refusal; nothing is half done, and nobody else notices. */
let floor: Floor;
let stage: Stage;
let away: Stage;
const open = async (): Promise<Stage> =>
  Stage.open(floor, await floor.organisation(cast.map((one) => ({ ...one, capacity: 50 }))));

beforeAll(async () => {
  floor = await Floor.start({ rates: false });
  stage = await open();
  away = await open();
});
afterAll(() => floor.close());

const wide = process.env.HALYARD_PROOF === '1';

/** An answer that may leave the hub: done, or refused in words. Answers the code. */
function wellSaid(answer: unknown): string {
  expect(answer).toBeTypeOf('object');
  const { ok, refusal } = answer as { ok: boolean; refusal?: { code: string; message: string; next: string } };
  if (ok) return 'ok';
  expect(Object.keys(refusalStatus)).toContain(refusal?.code);
  expect(refusal?.code).not.toBe('internal' satisfies RefusalCode);
  expect(refusal?.message.length).toBeGreaterThan(5);
  expect(refusal?.next.length).toBeGreaterThan(5);
  return refusal?.code ?? '';
}

/** Ordinary work of somebody else goes on, and the hub has made no mistake. */
async function unharmed(): Promise<void> {
  expect(
    await away.of('Priya').send('person:set-status', { personId: away.home.person('Priya'), status: 'busy' }),
  ).toMatchObject({ ok: true });
  expect(
    await away.of('Priya').send('person:set-status', { personId: away.home.person('Priya'), status: 'break' }),
  ).toMatchObject({ ok: true });
  expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
}

const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

/** Values that break programs. A number that JSON cannot say arrives as null, so its text is among them too. */
const nasty: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  1.5,
  2 ** 53 + 1,
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udc00\ud800',
  '\u202egnirts',
  `a${'\u0301'.repeat(10_000)}`,
  '🧑‍🚒'.repeat(3000),
  '<script>alert(1)</script>',
  "'; drop table log; --",
  '$' + '{jndi:ldap://x}',
  '%s%n',
  'a\r\nBcc: b@example.org',
  '=1+1',
  'x'.repeat(301),
  'x'.repeat(30_000),
  '__proto__',
  'constructor',
  '1e309',
  '0000-00-00',
  '9999-12-31T23:59:59Z',
  '-00000000-0000-7000-8000-000000000000',
  '00000000-0000-0000-0000-000000000000',
  newId(Date.now()).toUpperCase(),
  newId(Date.now()),
  [],
  [[]],
  {},
  { $ne: null },
  { toString: 'x' },
  JSON.parse('{"__proto__":{"ok":true}}'),
  deep(2000),
  Array.from({ length: 1000 }, (_, at) => at),
];

/** A right value made wrong: a field missing, added or replaced, at any depth. */
function spoilt(right: unknown, elsewhere: readonly string[]): fc.Arbitrary<unknown> {
  const values = fc.constantFrom(...nasty, ...elsewhere);
  const anything = fc.oneof({ weight: 3, arbitrary: values }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) });
  if (typeof right !== 'object' || right === null || Array.isArray(right)) return anything;
  const entries = Object.entries(right);
  const fields = fc.tuple(
    ...entries.map(([key, value]) =>
      fc.oneof(
        { weight: 4, arbitrary: fc.constant([[key, value]]) },
        { weight: 2, arbitrary: spoilt(value, elsewhere).map((wrong) => [[key, wrong]]) },
        { weight: 1, arbitrary: fc.constant([]) },
      ),
    ),
  );
  const extra = fc.option(
    fc.tuple(fc.constantFrom('__proto__', 'constructor', 'organisationId', 'by', '', 'x'), anything),
    { nil: null },
  );
  const object = fc.tuple(fields, extra).map(([kept, more]) => {
    // Not by assignment: a key of that name must stay a key.
    const pairs: (readonly unknown[])[] = [...(kept.flat() as unknown[][]), ...(more === null ? [] : [more])];
    return JSON.parse(
      `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value) ?? 'null'}`).join(',')}}`,
    ) as unknown;
  });
  return fc.oneof({ weight: 8, arbitrary: object }, { weight: 1, arbitrary: anything });
}

/** A frame of more than 64 KiB ends its connection, which is another test's matter (bad-transport). */
const fits = (input: unknown): boolean => Buffer.byteLength(JSON.stringify(input) ?? '') < 60_000;

describe('every command, spoilt', () => {
  test.each(Object.keys(commands) as CommandName[])(
    '%s',
    async (name) => {
      // A name and its scenario belong together by the table's type.
      const scenario = scenarios[name] as Scenario<CommandName>;
      // Takes the rights that the rest needs, or makes another queue the first.
      const own = /^(person|team):/.test(name) ? await open() : stage;
      const { input, customer } = await scenario.prepare(own);
      const elsewhere = [away.home.person('Priya'), away.home.team('Banking'), away.home.id, own.home.person('Grace')];
      const codes = new Set<string>();
      await fc.assert(
        fc.asyncProperty(fc.array(spoilt(input, elsewhere), { minLength: 1, maxLength: 8 }), async (inputs) => {
          const sender = scenario.by === 'customer' ? null : own.of(scenario.by);
          if (sender !== null && !sender.socket.connected) return;
          const answers = await Promise.all(
            inputs.filter(fits).map((given) => {
              const id = newId(Date.now());
              if (sender !== null) return sender.raw({ id, organisationId: own.home.id, name, input: given });
              const object = typeof given === 'object' && given !== null ? given : { text: given };
              return customer?.frame(customerFrame(name, id, object)[0], { id, ...object });
            }),
          );
          for (const answer of answers) codes.add(wellSaid(answer));
        }),
        { numRuns: wide ? 250 : 12, seed: wide ? Date.now() : 7 },
      );
      // What the gate asks first, without the way there: a million cases over all commands.
      if (wide)
        fc.assert(
          fc.property(
            spoilt(input, elsewhere),
            (given) => typeof commands[name].safeParse(given).success === 'boolean',
          ),
          { numRuns: Math.ceil(1_000_000 / Object.keys(commands).length) },
        );
      expect([...codes], 'the spoiling spoils').toContain('bad_input');
      await unharmed();
      if (own !== stage) own.close();
    },
    wide ? 600_000 : 20_000,
  );
});

describe('a command frame that is none', () => {
  const right = () => ({
    id: newId(Date.now()),
    organisationId: stage.home.id,
    name: 'person:set-status',
    input: { personId: stage.home.person('Priya'), status: 'busy' },
  });
  const frames: readonly (readonly [string, () => unknown])[] = [
    ...nasty.map((value, at): readonly [string, () => unknown] => [`value ${at}`, () => value]),
    ...(['id', 'organisationId', 'name', 'input'] as const).flatMap((field) => [
      [`without ${field}`, () => Object.fromEntries(Object.entries(right()).filter(([key]) => key !== field))] as const,
      ...nasty
        .filter((value) => field !== 'id' || typeof value !== 'string' || !isId(value))
        .map((value, at) => [`${field} of value ${at}`, () => ({ ...right(), [field]: value })] as const),
    ]),
    ...[
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'valueOf',
      'person:set-status ',
      'PERSON:SET-STATUS',
      'offer:route',
      'organisation:create',
      'person:mark-unreachable',
      'supervision:review',
    ].map((name) => [`the name ${name}`, () => ({ ...right(), name })] as const),
    ['a field more', () => ({ ...right(), actor: { kind: 'system' } })],
    ['an id in capitals', () => ({ ...right(), id: newId(Date.now()).toUpperCase() })],
  ];
  test.each(frames)('%s', async (_what, make) => {
    expect(wellSaid(await stage.of('Priya').raw(make()))).not.toBe('ok');
  });
  test('leaves everything as it was', async () => {
    expect(stage.of('Priya').now.people.get(stage.home.person('Priya'))?.status).not.toBe('busy');
    await unharmed();
  });
});

describe('a hello that is none', () => {
  const right = { version: protocolVersion, screen: 'console', resume: {} };
  const wrong: readonly unknown[] = [
    ...nasty,
    ...nasty.map((value) => ({ ...right, version: value })),
    ...nasty.map((value) => ({ ...right, screen: value })),
    ...nasty
      .filter((value) => !/^{("__proto__"|})/.test(JSON.stringify(value)))
      .map((value) => ({ ...right, resume: value })),
    ...nasty.map((value) => ({ ...right, resume: { [stage?.home.id ?? newId(0)]: value } })),
    { ...right, version: protocolVersion + 1 },
    { ...right, version: 0 },
  ];
  test('of the staff is refused in words', async () => {
    const { socket } = stage.of('Omar');
    for (const hello of wrong) {
      const why = await socket.timeout(10_000).emitWithAck('hello', hello as never);
      expect(Object.keys(refusalStatus), JSON.stringify(hello)?.slice(0, 80)).toContain(why?.code);
      expect(why?.code).not.toBe('internal');
    }
    await unharmed();
  });

  test('of a customer is refused in words', async () => {
    const { socket } = await floor.customer(stage.home);
    const ok = { version: protocolVersion, organisation: stage.home.id, after: 0 };
    const hellos = [
      ...nasty,
      ...nasty.map((value) => ({ ...ok, version: value })),
      ...nasty
        .filter((value) => value !== null && !Object.is(value, Number.NaN) && value !== Number.POSITIVE_INFINITY)
        .map((value) => ({ ...ok, organisation: value })),
      ...nasty.filter((value) => value !== 0 && value !== 2 ** 53 + 1).map((value) => ({ ...ok, after: value })),
    ];
    for (const hello of hellos) {
      const why = await socket.timeout(10_000).emitWithAck('hello', hello as never);
      // Who has a visitor already stays with its organisation, whatever the page names.
      if (why !== null) expect(Object.keys(refusalStatus)).toContain(why.code);
    }
    await unharmed();
  });
});

test('visitor tokens that we did not sign make a new visitor, and never another’s', async () => {
  const rosa = await floor.customer(stage.home);
  await rosa.start('Only mine.');
  const [organisation = '', customer = '', signature = ''] = rosa.visitor.split('.');
  const forged = [
    `${organisation}.${customer}.`,
    `${organisation}.${customer}.${signature.slice(0, -1)}`,
    `${organisation}.${customer}.${signature}.x`,
    `${organisation.toUpperCase()}.${customer}.${signature}`,
    `${away.home.id}.${customer}.${signature}`,
    `${organisation}.${newId(0)}.${signature}`,
    '..',
    '\u0000',
    'x'.repeat(20_000),
  ];
  for (const token of forged) {
    const other = await floor.customer(stage.home, token);
    expect(other.visitor).not.toBe(rosa.visitor);
    expect(other.conversation).toBeNull();
    other.close();
  }
  await unharmed();
});

describe('words that look bad and are not', () => {
  const fine = [
    '\u202eright to left override\u202c',
    `e${'\u0301'.repeat(200)}`,
    '👩‍👩‍👧‍👦 🏳️‍🌈 🇨🇭 '.repeat(20),
    '<img src=x onerror=alert(1)><svg/onload=alert(1)>',
    '[click](javascript:alert(1)) **bold** `code`',
    '=cmd|/c calc!A1',
    '+1-2@x',
    'line\r\nbreaks\tand\u0007bells',
    '{"__proto__":1}',
    "Robert'); drop table log;--",
    'ﷺ'.repeat(100),
    'שלום עולם',
    '\ufeffmark',
    'x'.repeat(limits.message),
  ];
  test.each(fine)('arrive to the letter: %j', async (text) => {
    const { conversationId, sessionId, customer } = await stage.served();
    const reasonId = stage.reason();
    await stage.does('Priya', 'message:send', { conversationId, text });
    await customer.sees('the line', ({ said }) => said.includes(`agent: ${text}`));
    await customer.says(text);
    const short = text.slice(0, limits.flagMessage).isWellFormed() ? text.slice(0, limits.flagMessage) : 'x';
    const { flagId } = await stage
      .of('Priya')
      .does('flag:raise', { sessionId, reasonId, message: short, askJoin: false });
    const flag = await stage.of('Tomasz').sees('the flag', (live) => live.flags.get(flagId as never));
    expect(flag.message).toBe(short);
    const late = await floor.staff(stage.home, 'Tomasz');
    expect(late.now.flags.get(flagId as never)?.message).toBe(short);
    await stage.does('Priya', 'conversation:close', { conversationId });
    late.close();
  });

  test.each([
    ['a name over its limit', { name: 'x'.repeat(300) }],
    ['a name with a line break', { name: 'Rosa\r\nBcc: x@example.org' }],
    ['a name of spaces', { name: '   ' }],
    ['a message over its limit', { text: 'x'.repeat(limits.message + 1) }],
    ['a message of nothing', { text: ' \n ' }],
    ['half an emoji', { text: '👩'.slice(0, 1) }],
  ])('but %s is refused, and the conversation does not start', async (_what, wrong) => {
    const customer = await floor.customer(stage.home);
    const answer = await customer.frame('start', { id: newId(Date.now()), name: 'Rosa', text: 'Hello', ...wrong });
    expect(answer.ok === false && answer.refusal.code).toBe('bad_input');
    expect(customer.conversation).toBeNull();
    customer.close();
  });

  test('two spellings of one address do not make two people, and no mistake of the hub', async () => {
    const invite = async (email: string): Promise<string> => {
      const { input } = await scenarios['person:invite'].prepare(stage);
      return wellSaid(await stage.of('Marta').send('person:invite', { ...input, email }));
    };
    const name = newId(Date.now()).slice(-8);
    expect(await invite(`Noor.${name}@example.org`)).toBe('ok');
    expect(await invite(`NOOR.${name}@EXAMPLE.org`)).toBe('email_taken');
    // Capitals whose small form depends on who makes it small.
    for (const letter of ['İ', 'ß', 'K', 'Σ', 'Å', 'ǅ']) {
      expect(await invite(`${letter}${name}@example.org`), letter).toBe('ok');
      expect(await invite(`${letter}${name}@example.org`), letter).toBe('email_taken');
    }
    await unharmed();
  });
});
