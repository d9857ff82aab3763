/** Everything that a person may be allowed to do, each with the sentence that the settings page shows. */
export const permissions = {
  'conversation.serve': 'Take offered conversations and answer customers',
  'conversation.view.any': 'See every conversation of the organisation',
  'conversation.transfer.any': 'Transfer or close conversations of others',
  'flag.raise': 'Raise a help flag on an own session',
  'flag.view.any': 'See every help flag of the organisation',
  'supervision.own': 'Help the agents of supervised teams: take, chat, monitor, join, take over, lower',
  'supervision.any': 'Help every agent of the organisation',
  'side-chat.view.any': 'Read every side chat of the organisation',
  'floor.view': 'Open the wallboard',
  'person.manage': 'Invite people, set roles, teams and capacity, deactivate',
  'owner.manage': 'Make and unmake owners',
  'team.manage': 'Create, rename and archive teams',
  'channel.manage': 'Set up channels: connections, and help flags on Legacy chat',
  'flag.manage': 'Set up help flags: reasons, rules, thresholds, escalation; switch fallback mode',
  'supervision.manage': 'Set the monitoring policy',
  'ledger.view.any': 'Read who watched, whispered, joined and took over, for every agent',
} as const;

export type Permission = keyof typeof permissions;

export const roles = ['owner', 'admin', 'supervisor', 'agent'] as const;
export type Role = (typeof roles)[number];

const agent = ['conversation.serve', 'flag.raise'] as const satisfies readonly Permission[];
const supervisor = [
  'conversation.serve',
  'flag.raise',
  'supervision.own',
  'floor.view',
] as const satisfies readonly Permission[];
const admin = [
  'conversation.view.any',
  'conversation.transfer.any',
  'flag.view.any',
  'supervision.own',
  'supervision.any',
  'side-chat.view.any',
  'floor.view',
  'person.manage',
  'team.manage',
  'channel.manage',
  'flag.manage',
  'supervision.manage',
  'ledger.view.any',
] as const satisfies readonly Permission[];

/** A role is a set of permissions and nothing more: code asks for a permission, never for a role. */
export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = {
  agent,
  supervisor,
  admin,
  owner: [...admin, 'owner.manage'],
};

export function holds(role: Role, permission: Permission): boolean {
  return permissionsOf[role].includes(permission);
}
