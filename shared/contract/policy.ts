import type { Organisation } from './organisation.ts';

// Apart from the schemas, so that screens, which parse nothing, do not load the schema library.

/**
 * Whom a flag calls, further with each step: the agent's own supervisors, the supervisors of every team, everyone who holds
 * `flag.view.any`.
 */
export const reaches = ['own', 'supervisors', 'everyone'] as const;
export type Reach = (typeof reaches)[number];

/** How supervisors may watch: seen by the agent at once, told afterwards, or not told. Joining is always seen. */
export const monitoringPolicies = ['announced', 'announced_after', 'silent'] as const;
export type MonitoringPolicy = (typeof monitoringPolicies)[number];

/** What an organisation starts with. */
export const organisationDefaults = {
  monitoring: 'announced',
  warnPercent: 75,
  escalation: [
    { reach: 'own', afterMs: 0 },
    { reach: 'supervisors', afterMs: 2 * 60_000 },
    { reach: 'everyone', afterMs: 5 * 60_000 },
  ],
  fallback: null,
} as const satisfies Omit<Organisation, 'id' | 'name' | 'parentId' | 'demo'>;
