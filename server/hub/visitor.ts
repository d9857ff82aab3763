import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CustomerId, OrganisationId } from '../../shared/contract/id.ts';
import { isId } from '../../shared/contract/id.ts';

/**
 * A visitor token says which customer a browser is: `<organisation>.<customer>.<signature>`, signed with the installation's
 * secret, so that nobody can name another customer's id (HMAC-SHA256, RFC 2104).
 */
export interface Visitor {
  readonly organisationId: OrganisationId;
  readonly customerId: CustomerId;
}

const sign = (secret: Buffer, body: string): Buffer => createHmac('sha256', secret).update(`visitor ${body}`).digest();

export function visitorToken(secret: Buffer, { organisationId, customerId }: Visitor): string {
  const body = `${organisationId}.${customerId}`;
  return `${body}.${sign(secret, body).toString('base64url')}`;
}

/** The visitor that a token stands for, or null for anything that is not a token of ours. */
export function readVisitor(secret: Buffer, token: string): Visitor | null {
  const [organisationId = '', customerId = '', signature = '', more] = token.split('.');
  if (more !== undefined || !isId<'organisation'>(organisationId) || !isId<'customer'>(customerId)) return null;
  const given = Buffer.from(signature, 'base64url');
  const right = sign(secret, `${organisationId}.${customerId}`);
  return given.length === right.length && timingSafeEqual(given, right) ? { organisationId, customerId } : null;
}
