import { catalogue } from '../../shared/ui/text/catalogue.ts';

/** What the tiles say. `say`: the sentence of a chart for those who cannot see it. */
export const tileText = catalogue({
  stale: '{age} old',
  'waiting.title': 'Waiting',
  'waiting.foot': 'customers without an agent',
  'waiting.wall': 'no agent yet',
  'waiting.definition': 'Customers in a queue whom no agent has accepted yet.',
  'line.say': '{title}, last 20 minutes, between {low} and {high}, now {now}',
  'line.target': '{title}, last 20 minutes, between {low} and {high}, now {now}, target {target}',
  'longest.title': 'Longest wait',
  'longest.foot': 'target {target}',
  'longest.none': 'nobody waits',
  'longest.definition':
    'How long the customer at the head of the queues has waited for an agent. After {target} no first answer can be in time.',
  'level.title': 'Service level',
  'level.foot': 'in {within} s. Target {target} %',
  'level.wall': 'target {target} %',
  'level.none': 'no first answer in the last hour',
  'level.none.wall': 'none in an hour',
  'level.definition':
    'Share of the first answers of the last 60 minutes that came within {within} s of the customer’s first line. Target {target} %.',
  'open.title': 'Open',
  'open.foot': 'conversations not closed',
  'open.wall': 'not closed',
  'open.definition': 'Conversations that are not closed, waiting or in hand.',
  'unassigned.title': 'Unassigned',
  'unassigned.foot': 'nothing without an owner',
  'unassigned.wall': 'all have an owner',
  'unassigned.oldest': 'oldest',
  'unassigned.definition': 'Open conversations that nobody owns, and how long the oldest of them has waited.',
  'agents.title': 'Agents by state',
  'agents.wall': 'Agents',
  'agents.unit': 'of {all}',
  'agents.none': 'nobody serves these teams',
  'agents.foot': 'at work',
  'agents.say': '{available} available, {busy} busy, {onBreak} on break, {offline} offline',
  'agents.definition':
    'People at work (available, busy or on break) of all who serve these teams. Unreachable ones count as offline.',
  'flags.title': 'Flags today',
  'flags.foot': { one: '{count} up now', other: '{count} up now' },
  'flags.rate': '{rate} an hour',
  'flags.say': 'Help flags by hour since {from}: {list}',
  'flags.definition':
    'Help flags raised since midnight here, and how many are up now. The bars are the last 24 hours, hour by hour.',
  'times.foot': 'median, 90th percentile {high}',
  'times.foot.wall': '90 % in {high}',
  'times.hours': 'h',
  'times.none.wall': 'none in 24 hours',
  'claim.title': 'Time to claim',
  'claim.none': 'no flag was claimed in 24 hours',
  'claim.say': {
    one: '{count} flag claimed, after {middle}',
    other:
      '{count} flags claimed, half of them within {middle}, nine of ten within {high}, the slowest after {slowest}',
  },
  'claim.definition': 'From raising a help flag to its first claim, over the flags of the last 24 hours.',
  'help.title': 'Time to help',
  'help.none': 'no flag was answered in 24 hours',
  'help.say': {
    one: '{count} flag answered, after {middle}',
    other:
      '{count} flags answered, half of them within {middle}, nine of ten within {high}, the slowest after {slowest}',
  },
  'help.definition':
    'From raising a help flag to a supervisor’s first word in the side chat, or joining, over the flags of the last 24 hours.',
  'tile.open': 'Open the report: {title}',
});
