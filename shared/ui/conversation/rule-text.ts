import type { Flag } from '../../contract/flag.ts';
import { catalogue } from '../text/catalogue.ts';
import { list } from '../text/format.ts';

/** What is said of a help flag that a rule raised. A rule's name and its phrases stand beside these words, never in them. */
export const ruleText = catalogue({
  rule: 'Rule',
  heard: 'heard',
  /** For the ear and for notices. */
  whole: 'Rule {rule} heard {words}',
  phrase: '“{phrase}”',
  'by.customer': 'in a line of the customer',
  'by.agent': 'in a line of the staff',
});

export type RuleSource = Extract<Flag['source'], { kind: 'rule' }>;

/** Phrases as they are quoted: “refund” and “money back”. */
export const quoted = (phrases: readonly string[]): string =>
  list(phrases.map((phrase) => ruleText('phrase', { phrase })));

/** Which rule called and what it heard, in one sentence; null where a person called. */
export function heardWords({ source }: Pick<Flag, 'source'>): string | null {
  return source.kind === 'rule' ? ruleText('whole', { rule: source.ruleName, words: quoted(source.heard) }) : null;
}
