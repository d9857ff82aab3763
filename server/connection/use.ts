import type { AdapterKind } from '../../shared/contract/connection.ts';
import type { ConnectionId, QueueId } from '../../shared/contract/id.ts';
import { type Refusal, refusal } from '../../shared/contract/refusal.ts';
import { derivedNoun } from '../hub/derived-noun.ts';
import type { State } from '../hub/state.ts';
import { queueNoun } from '../queue/queue.ts';

/** Names that differ in case only are one name to a person. */
export const nameKey = (name: string): string => name.trim().toLowerCase();

/** Names of an organisation's connections, as `nameKey`, each with its connection. Keyed by the organisation. */
export const connectionNamesNoun = derivedNoun<ReadonlyMap<string, ConnectionId>>(
  'connection-names',
  (organisationId, ids) => ({
    text: `select $1::uuid as organisation_id,
        (select coalesce(jsonb_agg(jsonb_build_array(name, id)), '[]') from connection where organisation_id = $1) as names
      where $1 = any($2::uuid[])`,
    values: [organisationId, ids],
  }),
  (raw) => {
    const names = raw.names as readonly (readonly [string, ConnectionId])[];
    return [raw.organisation_id as string, new Map(names.map(([name, id]) => [nameKey(name), id]))];
  },
);

export const nameTaken = (name: string): Refusal =>
  refusal('name_taken', `There is already a connection called ${name}.`, 'Choose another name.', { field: 'name' });

/** Why messages cannot be brought to this queue, or null. */
export function queueRefusal(state: State, queueId: QueueId): Refusal | null {
  const queue = state.get(queueNoun, queueId);
  if (queue === undefined)
    return refusal('not_found', 'There is no such queue.', 'Choose another queue.', { field: 'queueId' });
  if (queue.active) return null;
  return refusal('queue_inactive', `The queue ${queue.name} takes no conversations.`, 'Choose another queue.', {
    field: 'queueId',
  });
}

interface Settings {
  readonly sender: string | null;
  readonly inbound?: string;
  readonly outbound?: string;
  readonly verify?: string | null;
}

/** `whsec_` and 24 to 64 bytes in base64 (Standard Webhooks, "Symmetric"). */
function isSigningSecret(secret: string): boolean {
  const text = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : '';
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return false;
  const { length } = Buffer.from(text, 'base64');
  return length >= 24 && length <= 64;
}

const wrong = (field: string, sentence: string, next: string): Refusal =>
  refusal('bad_input', `${field}: ${sentence}`, next, { field });

/** What an adapter asks of its settings beyond their form. */
export function settingsRefusal(adapter: AdapterKind, given: Settings): Refusal | null {
  if (adapter === 'whatsapp') {
    if (given.sender === null || !/^\d{1,32}$/.test(given.sender))
      return wrong('sender', 'must be the id of the phone number, in digits.', 'Copy it from the app’s dashboard.');
    if (given.verify === null)
      return wrong('verify', 'must not be empty.', 'Choose any word of 16 characters or more.');
    // It travels in a header.
    if (given.outbound !== undefined && !/^[\x21-\x7e]+$/.test(given.outbound))
      return wrong('outbound', 'is not an access token.', 'Copy it whole, without spaces.');
    return null;
  }
  for (const field of ['inbound', 'outbound'] as const) {
    const secret = given[field];
    if (secret !== undefined && !isSigningSecret(secret))
      return wrong(field, 'must be whsec_ and 24 to 64 bytes in base64.', 'Let the screen make it.');
  }
  return null;
}
