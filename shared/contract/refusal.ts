/**
 * Why a command was not carried out. `code` is for programs, `message` is a sentence for the person who tried,
 * `next` says what to do now, `detail` names what screens want to show (who won a claim, which field, when to try again).
 */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly next: string;
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Every refusal there is, with the HTTP status that carries it. */
export const refusalStatus = {
  bad_input: 400,
  unknown_command: 404,
  not_signed_in: 401,
  not_permitted: 403,
  not_found: 404,
  rate_limited: 429,
  too_large: 413,
  id_reused: 409,
  try_again: 503,
  outcome_unknown: 503,
  client_too_old: 426,
  internal: 500,
  conversation_closed: 409,
  already_assigned: 409,
  not_your_session: 403,
  queue_inactive: 409,
  offer_gone: 409,
  no_capacity: 409,
  flag_lowered: 409,
  flag_claimed: 409,
  flag_not_claimed: 409,
  not_your_claim: 409,
  join_not_asked: 409,
  session_ended: 409,
  not_joined: 409,
  already_joined: 409,
  not_supported_on_channel: 409,
  email_taken: 409,
  last_owner: 409,
  person_inactive: 409,
  person_unavailable: 409,
  team_in_use: 409,
  name_taken: 409,
  invitation_gone: 410,
  wrong_credentials: 401,
  fallback_mode: 503,
  flag_not_enabled: 409,
  reason_in_use: 409,
  limit_reached: 409,
  rule_too_broad: 400,
  connection_inactive: 409,
  not_failed: 409,
  bad_signature: 401,
  too_old: 401,
} as const;

export type RefusalCode = keyof typeof refusalStatus;

/** The answer to a command. `position` is the log position at which it happened, or would have. */
export type Answer<V = unknown> =
  | { readonly ok: true; readonly position: number; readonly value: V }
  | { readonly ok: false; readonly refusal: Refusal };

export function refusal(
  code: RefusalCode,
  message: string,
  next: string,
  detail?: Readonly<Record<string, string | number | boolean | null>>,
): Refusal {
  return detail === undefined ? { code, message, next } : { code, message, next, detail };
}
