import type { z } from 'zod';
import type { ConnectionResults } from './connection.ts';
import { connectionCommands } from './connection.ts';
import type { ConversationResults } from './conversation.ts';
import { conversationCommands } from './conversation.ts';
import type { FlagResults } from './flag.ts';
import { flagCommands } from './flag.ts';
import type { OrganisationResults } from './organisation.ts';
import { organisationCommands } from './organisation.ts';
import type { PersonResults } from './person.ts';
import { personCommands } from './person.ts';
import type { RuleResults } from './rule.ts';
import { ruleCommands } from './rule.ts';
import type { SessionResults } from './session.ts';
import { sessionCommands } from './session.ts';
import type { TeamResults } from './team.ts';
import { teamCommands } from './team.ts';

/** Everything that may be asked of the hub from outside, by socket or by HTTP alike. */
export const commands = {
  ...organisationCommands,
  ...teamCommands,
  ...personCommands,
  ...conversationCommands,
  ...sessionCommands,
  ...flagCommands,
  ...connectionCommands,
  ...ruleCommands,
} as const;

export type CommandName = keyof typeof commands;
export type CommandInput<N extends CommandName> = z.infer<(typeof commands)[N]>;

type Results = OrganisationResults &
  TeamResults &
  PersonResults &
  ConversationResults &
  SessionResults &
  FlagResults &
  ConnectionResults &
  RuleResults;
/** What a command answers with: ids and counts, never words and never secrets, because answers are kept for 7 days. */
export type CommandResult<N extends CommandName> = Results[N];
