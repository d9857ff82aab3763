import type { OrganisationId } from '../../shared/contract/id.ts';
import type { Refusal } from '../../shared/contract/refusal.ts';
import { refusal } from '../../shared/contract/refusal.ts';
import type { Rule, RuleDefinition, RuleWords } from '../../shared/contract/rule.ts';
import type { Phrase } from '../../shared/live/words.ts';
import { lettersOf, phraseOf } from '../../shared/live/words.ts';
import type { Need } from '../hub/room.ts';
import { need } from '../hub/room.ts';
import type { State } from '../hub/state.ts';
import { queueNoun } from '../queue/queue.ts';
import { reasonNoun } from '../reason/reason.ts';
import { ruleNamesNoun } from './rule.ts';

/** Letters that a word with a star must have before it, and a word that stands alone without one. */
const leastBeforeStar = 3;
const leastAlone = 2;

const broad = (message: string, next: string): Refusal => refusal('rule_too_broad', message, next, { field: 'words' });
const wrong = (message: string, next: string): Refusal => refusal('bad_input', message, next, { field: 'words' });

/** Words as a rule keeps them: without space around them, each once. */
export function tidied({ any, all, near, not }: RuleWords): RuleWords {
  const once = (phrases: readonly string[]): string[] => [...new Set(phrases.map((one) => one.trim()))];
  return {
    any: once(any),
    all: once(all),
    near: near === null ? null : { ...near, first: near.first.trim(), second: near.second.trim() },
    not: once(not),
  };
}

/** What keeps words from being a rule, or null. */
export function wordsFault({ any, all, near, not }: RuleWords): Refusal | null {
  const close = near === null ? [] : [near.first, near.second];
  const phrases = new Map<string, Phrase>();
  for (const written of [...any, ...all, ...close, ...not]) {
    const phrase = phraseOf(written);
    if (phrase === 'empty')
      return wrong(`“${written}” holds no letter and no digit, so nobody can say it.`, 'Write a word or a phrase.');
    if (phrase === 'star')
      return wrong(
        `“${written}” has a * inside.`,
        'A * stands right after the last word, for every word that begins so.',
      );
    const last = phrase.words.at(-1) ?? '';
    if (phrase.prefix && lettersOf(last) < leastBeforeStar)
      return broad(
        `“${written}” would hear too many words.`,
        `Write at least ${leastBeforeStar} letters before the *.`,
      );
    phrases.set(written, phrase);
  }
  if (any.length + all.length + close.length === 0)
    return wrong('The rule listens for nothing.', 'Write at least one word under any, all or near.');
  // Each part narrows what is heard; one that does is enough.
  const narrow = (written: string): boolean => {
    const words = phrases.get(written)?.words ?? [];
    return words.length > 1 || lettersOf(words[0] ?? '') >= leastAlone;
  };
  const narrows = (any.length > 0 && any.every(narrow)) || all.some(narrow) || close.some(narrow);
  if (narrows) return null;
  const single = [...any, ...all, ...close].find((written) => !narrow(written)) ?? '';
  return broad(`“${single}” is a single letter, which nearly every line holds.`, 'Write a whole word or a phrase.');
}

/** What `definitionFault` looks at. */
export function checkNeeds(definition: RuleDefinition, organisationId: OrganisationId): readonly Need[] {
  return [
    need(ruleNamesNoun, organisationId),
    need(reasonNoun, definition.reasonId),
    ...definition.queueIds.map((id) => need(queueNoun, id)),
  ];
}

/**
 * Why a definition cannot stand, or null.
 * @param before the rule as it was: it may keep a reason and queues that no new rule could choose
 */
export function definitionFault(
  state: State,
  organisationId: OrganisationId,
  definition: RuleDefinition,
  before: Rule | null,
): Refusal | null {
  const name = key(definition.name);
  const names = state.get(ruleNamesNoun, organisationId) ?? [];
  if (names.some((one) => one.id !== before?.id && key(one.name) === name))
    return refusal('name_taken', `There is a rule called ${definition.name.trim()} already.`, 'Choose another name.', {
      field: 'name',
    });
  const reason = state.get(reasonNoun, definition.reasonId);
  if (reason === undefined || (!reason.active && before?.reasonId !== reason.id))
    return refusal('not_found', 'There is no such reason.', 'Choose one of the reasons shown.', { field: 'reasonId' });
  for (const id of definition.queueIds) {
    const queue = state.get(queueNoun, id);
    if (queue === undefined || (!queue.active && !before?.queueIds.includes(id)))
      return refusal('not_found', 'There is no such queue.', 'Choose among the queues shown.', { field: 'queueIds' });
  }
  return wordsFault(definition.words);
}

/** Names that differ in case only are one name to a person. */
const key = (name: string): string => name.trim().toLowerCase();

/** A definition as it is kept. */
export function settled(definition: RuleDefinition): RuleDefinition {
  return {
    name: definition.name.trim(),
    side: definition.side,
    channels: [...new Set(definition.channels)],
    queueIds: [...new Set(definition.queueIds)],
    reasonId: definition.reasonId,
    words: tidied(definition.words),
  };
}
