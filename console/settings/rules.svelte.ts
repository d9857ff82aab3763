import type { Event } from '../../shared/contract/event.ts';
import type { RuleId } from '../../shared/contract/id.ts';
import type { RuleInUse, RulePage } from '../../shared/contract/rule.ts';
import { inBrowser, Reading, type ReadingEnvironment } from './reading.svelte.ts';

/** How long several changes in a row are waited for, ms: of rules, and of flags, which move counts alone. */
const settleMs = 250;
const countsMs = 2000;

/** How soon an event wants the list to be read again; null: it does not. */
function wants(event: Event): number | null {
  if (event.type.startsWith('rule:')) return settleMs;
  if (event.type === 'flag:raised') return event.flag.source.kind === 'rule' ? countsMs : null;
  return event.type === 'flag:lowered' && event.outcome === 'not_needed' ? countsMs : null;
}

/** The rules with what came of them. */
export class RuleList extends Reading<RulePage> {
  constructor(environment: ReadingEnvironment<RulePage> = inBrowser('/api/rule')) {
    super(environment, wants, settleMs);
  }

  /** Null until the first answer. */
  get rules(): readonly RuleInUse[] | null {
    return this.page?.rules ?? null;
  }

  set(id: RuleId, part: Partial<Pick<RuleInUse, 'active'>>): void {
    this.move((page) => ({
      ...page,
      rules: page.rules.map((rule) => (rule.id === id ? { ...rule, ...part } : rule)),
    }));
  }

  drop(id: RuleId): void {
    this.move((page) => ({ ...page, rules: page.rules.filter((rule) => rule.id !== id) }));
  }
}
