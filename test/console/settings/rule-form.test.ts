import { describe, expect, test } from 'vitest';
import {
  definitionOf,
  faultsOf,
  formOf,
  foundRules,
  hearsWords,
  phraseFault,
  type RuleForm,
  trialOf,
  withinOf,
} from '../../../console/settings/rule-form.ts';
import type { Rule, RuleWords } from '../../../shared/contract/rule.ts';
import { newId } from '../../../shared/contract/uuid.ts';

const words = (some: Partial<RuleWords>): RuleWords => ({ any: [], all: [], near: null, not: [], ...some });
const rule: Rule = {
  id: newId(1),
  name: 'Large transfer',
  active: true,
  side: 'customer',
  channels: ['chat'],
  queueIds: [newId(2)],
  reasonId: newId(3),
  words: words({ any: ['refund*'], near: { first: 'transfer', second: 'thousand', within: 8 }, not: ['test'] }),
};
const form = (part: Partial<RuleForm>): RuleForm => ({ ...formOf(null), ...part });

describe('S1.17 the form of a rule', () => {
  test('begins with what is there, and saves the same', () => {
    const { id: _id, active: _active, ...definition } = rule;
    expect(definitionOf(formOf(rule))).toEqual(definition);
  });

  test('of a new rule says what is missing, and sends nothing', () => {
    expect(Object.keys(faultsOf(formOf(null))).sort()).toEqual(['name', 'reasonId', 'words']);
    expect(definitionOf(formOf(null))).toBeNull();
    expect(trialOf(formOf(null), null)).toBeNull();
  });

  test('can be tried before it has a name or a reason', () => {
    const some = form({ any: ['refund'], side: 'agent' });
    expect(trialOf(some, 30)).toEqual({
      side: 'agent',
      channels: [],
      queueIds: [],
      words: words({ any: ['refund'] }),
      days: 30,
    });
    expect(trialOf(some, null)).not.toHaveProperty('days');
    expect(trialOf({ ...some, near: true, first: 'fee' }, null)).toEqual(trialOf(some, null));
    expect(trialOf({ ...form({}), near: true, first: 'fee' }, null)).toBeNull();
  });

  test.each([
    ['refund', null],
    ['ref*', null],
    ['...', /no letter/],
    ['re*fund', /right after the last word/],
    ['re*', /at least 3 letters/],
    ['x'.repeat(81), /At most 80/],
  ])('a phrase %s', (phrase, fault) => {
    if (fault === null) expect(phraseFault(phrase)).toBeNull();
    else expect(phraseFault(phrase)).toMatch(fault);
  });

  test.each([
    [{ near: true, first: 'a word', second: '' }, 'near'],
    [{ near: true, first: 'a word', second: '!' }, 'near'],
    [{ near: true, first: 'a', second: 'b', within: '0' }, 'within'],
    [{ not: ['!'] }, 'not'],
  ] as [Partial<RuleForm>, keyof ReturnType<typeof faultsOf>][])('%j is at fault', (part, field) => {
    expect(faultsOf(form({ any: ['refund'], ...part }))[field]).toBeDefined();
  });

  test.each([
    ['5', 5],
    [' 50 ', 50],
    ['51', null],
    ['0', null],
    ['1.5', null],
    ['', null],
  ])('%j words apart', (typed, expected) => {
    expect(withinOf(typed)).toBe(expected);
  });
});

describe('S1.17 the list of rules', () => {
  test.each([
    [{ any: ['refund'] }, '“refund”'],
    [{ any: ['refund', 'money back'] }, 'any of “refund” and “money back”'],
    [{ all: ['card', 'stolen'], not: ['test'] }, 'all of “card” and “stolen”, but not “test”'],
    [{ near: { first: 'a b', second: 'c*', within: 3 } }, '“a b” within 3 words of “c*”'],
    [{ any: ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8'] }, /“w6” \+2$/],
  ] as [Partial<RuleWords>, string | RegExp][])('says what %j hears', (some, expected) => {
    if (typeof expected === 'string') expect(hearsWords(words(some))).toBe(expected);
    else expect(hearsWords(words(some))).toMatch(expected);
  });

  test.each([
    ['', 2],
    ['large', 1],
    ['THOUSAND transfer', 1],
    ['réfund', 1],
    ['machine', 1],
    ['nobody', 0],
  ])('finds %j', (search, count) => {
    const other = { ...rule, id: newId(9), name: 'Machine', words: words({ all: ['eaten'] }) } as Rule;
    expect(foundRules([rule, other], search)).toHaveLength(count);
  });
});
