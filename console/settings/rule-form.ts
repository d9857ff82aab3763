import type { Channel } from '../../shared/contract/channel.ts';
import type { QueueId, ReasonId } from '../../shared/contract/id.ts';
import { limits } from '../../shared/contract/limits.ts';
import type { Rule, RuleDefinition, RuleTrial, RuleWords } from '../../shared/contract/rule.ts';
import { lettersOf, phraseOf } from '../../shared/live/words.ts';
import { list } from '../../shared/ui/text/format.ts';
import { rulesText as text } from './rules-text.ts';

/** A rule as the editor holds it, as typed. */
export interface RuleForm {
  readonly name: string;
  readonly side: Rule['side'];
  readonly channels: readonly Channel[];
  readonly queueIds: readonly QueueId[];
  /** Empty: none chosen yet. */
  readonly reasonId: ReasonId | '';
  readonly any: readonly string[];
  readonly all: readonly string[];
  readonly not: readonly string[];
  readonly near: boolean;
  readonly first: string;
  readonly second: string;
  readonly within: string;
}

export type RuleField = 'name' | 'any' | 'all' | 'not' | 'near' | 'within' | 'reasonId' | 'queueIds' | 'words';

/** What the form begins with: an empty rule, or the one that is edited. */
export function formOf(rule: Rule | null): RuleForm {
  const near = rule?.words.near ?? null;
  return {
    name: rule?.name ?? '',
    side: rule?.side ?? 'customer',
    channels: rule?.channels ?? [],
    queueIds: rule?.queueIds ?? [],
    reasonId: rule?.reasonId ?? '',
    any: rule?.words.any ?? [],
    all: rule?.words.all ?? [],
    not: rule?.words.not ?? [],
    near: near !== null,
    first: near?.first ?? '',
    second: near?.second ?? '',
    within: String(near?.within ?? 5),
  };
}

/** A whole number of words, or null. */
export function withinOf(typed: string): number | null {
  const value = /^\s*\d{1,3}\s*$/.test(typed) ? Number(typed) : 0;
  return value >= 1 && value <= limits.near ? value : null;
}

/** What is wrong with a phrase, as a sentence; null: nothing. */
export function phraseFault(written: string): string | null {
  const phrase = phraseOf(written);
  if (written.trim().length > limits.phrase) return text('phrase.long', { most: limits.phrase });
  if (phrase === 'empty') return text('phrase.empty', { phrase: written });
  if (phrase === 'star') return text('phrase.star', { phrase: written });
  const last = phrase.words.at(-1) ?? '';
  return phrase.prefix && lettersOf(last) < 3 ? text('phrase.short', { phrase: written }) : null;
}

/** What is wrong before the hub is asked, by field. */
export function faultsOf(form: RuleForm): Partial<Record<RuleField, string>> {
  const faults: Partial<Record<RuleField, string>> = {};
  const first = (phrases: readonly string[]): string | undefined =>
    phrases.map(phraseFault).find((one) => one !== null) ?? undefined;
  const set = (field: RuleField, said: string | undefined): void => {
    if (said !== undefined) faults[field] = said;
  };
  if (form.name.trim() === '') faults.name = text('name.missing');
  if (form.reasonId === '') faults.reasonId = text('reason.missing');
  for (const field of ['any', 'all', 'not'] as const) set(field, first(form[field]));
  if (form.near) {
    const missing = form.first.trim() === '' || form.second.trim() === '';
    set('near', missing ? text('near.missing') : first([form.first, form.second]));
    if (withinOf(form.within) === null) faults.within = text('near.within.wrong', { most: limits.near });
  }
  if (form.any.length + form.all.length === 0 && !form.near) faults.words = text('nothing');
  return faults;
}

/** The words, or null as long as they are none. */
export function wordsOf(form: RuleForm): RuleWords | null {
  const faults = faultsOf(form);
  const wrong = (['any', 'all', 'not', 'near', 'within', 'words'] as const).some(
    (field) => faults[field] !== undefined,
  );
  if (wrong) return null;
  const { any, all, not, first, second } = form;
  const within = withinOf(form.within) ?? 1;
  return { any: [...any], all: [...all], not: [...not], near: form.near ? { first, second, within } : null };
}

/** The definition to send, or null as long as something is missing. */
export function definitionOf(form: RuleForm): RuleDefinition | null {
  const words = wordsOf(form);
  if (words === null || form.reasonId === '' || form.name.trim() === '') return null;
  const { side, reasonId } = form;
  return {
    name: form.name.trim(),
    side,
    reasonId,
    channels: [...form.channels],
    queueIds: [...form.queueIds],
    words,
  };
}

/** What to try against past lines, or null as long as there is nothing to try. */
export function trialOf(form: RuleForm, days: number | null): RuleTrial | null {
  // Half a pair is tried without it: the rest goes on being shown while the second phrase is typed.
  const half = form.near && (form.first.trim() === '' || form.second.trim() === '');
  const words = wordsOf(half ? { ...form, near: false } : form);
  if (words === null) return null;
  const { side } = form;
  const whole: RuleTrial = { side, channels: [...form.channels], queueIds: [...form.queueIds], words };
  return days === null ? whole : { ...whole, days };
}

const quoted = (phrases: readonly string[]): string => list(phrases.map((phrase) => `“${phrase}”`));

/** Phrases that a list of rules names before the rest is a number. */
const mostNamed = 6;
const some = (phrases: readonly string[]): string =>
  phrases.length <= mostNamed
    ? quoted(phrases)
    : `${quoted(phrases.slice(0, mostNamed))} +${phrases.length - mostNamed}`;

/** What a rule hears, in words. */
export function hearsWords({ any, all, near, not }: RuleWords): string {
  const parts: string[] = [];
  const [single, ...others] = any;
  if (single !== undefined)
    parts.push(
      others.length === 0 ? text('hears.one', { phrase: quoted([single]) }) : text('hears.any', { phrases: some(any) }),
    );
  const [only, ...rest] = all;
  if (only !== undefined)
    parts.push(
      rest.length === 0 ? text('hears.one', { phrase: quoted([only]) }) : text('hears.all', { phrases: some(all) }),
    );
  if (near !== null) {
    const { first, second, within } = near;
    parts.push(text('hears.near', { first: quoted([first]), second: quoted([second]), count: within }));
  }
  const heard = list(parts);
  return not.length === 0 ? heard : `${heard}, ${text('hears.not', { phrases: some(not) })}`;
}

/** The rules whose name or words hold every word that was typed. */
export function foundRules<R extends Pick<Rule, 'name' | 'words'>>(rules: readonly R[], search: string): readonly R[] {
  const plain = (said: string): string => said.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
  const wanted = plain(search)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (wanted.length === 0) return rules;
  return rules.filter(({ name, words: { any, all, near, not } }) => {
    const close = near === null ? [] : [near.first, near.second];
    const hay = plain([name, ...any, ...all, ...close, ...not].join(' '));
    return wanted.every((word) => hay.includes(word));
  });
}
