import type { Door, InvitationView, SignedIn } from '../contract/read.ts';
import type { Refusal } from '../contract/refusal.ts';

/**
 * Who this tab is. A demo tab keeps its own token in sessionStorage, so that two tabs can be two people; everybody else
 * is known by the session cookie.
 */
const tokenKey = 'halyard.tab-token';

export function tabToken(): string | null {
  return sessionStorage.getItem(tokenKey);
}

export function forgetTab(): void {
  sessionStorage.removeItem(tokenKey);
}

/** The outcome of an HTTP call: the value, or a refusal that a person can read. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

const unreachable: Refusal = {
  code: 'try_again',
  message: 'The hub cannot be reached.',
  next: 'Check the network; your work is kept and the screen tries again by itself.',
};

/** One HTTP call to the hub, as the person of this tab. Never throws: a lost network is a refusal `try_again`. */
export async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Result<T>> {
  const headers: Record<string, string> = {};
  const token = tabToken();
  if (token !== null) headers.authorization = `Bearer ${token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    const response = await fetch(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
    const answer = (await response.json()) as { ok: boolean; value?: T; refusal?: Refusal };
    if (answer.ok) return { ok: true, value: answer.value as T };
    return { ok: false, refusal: answer.refusal ?? unreachable };
  } catch {
    return { ok: false, refusal: unreachable };
  }
}

/** A file of the hub, as the person of this tab; a refusal is told as of any other call. Never throws. */
export async function fetchFile(path: string): Promise<Result<{ readonly name: string; readonly content: Blob }>> {
  const token = tabToken();
  try {
    const response = await fetch(path, { headers: token === null ? {} : { authorization: `Bearer ${token}` } });
    if (!response.ok) {
      const answer = (await response.json()) as { refusal?: Refusal };
      return { ok: false, refusal: answer.refusal ?? unreachable };
    }
    const said = response.headers.get('content-disposition') ?? '';
    return {
      ok: true,
      value: { name: /filename="([^"]+)"/.exec(said)?.[1] ?? 'file', content: await response.blob() },
    };
  } catch {
    return { ok: false, refusal: unreachable };
  }
}

function keep(result: Result<SignedIn>): Result<SignedIn> {
  if (!result.ok) return result;
  // Whoever signs in with a password is known by the cookie: a demo token left in this tab would speak for somebody else.
  if (result.value.token === null) forgetTab();
  else sessionStorage.setItem(tokenKey, result.value.token);
  return result;
}

export const door = (): Promise<Result<Door>> => call('GET', '/auth/door');
export const me = (): Promise<Result<SignedIn>> => call('GET', '/auth/me');

export const signIn = async (email: string, password: string): Promise<Result<SignedIn>> =>
  keep(await call('POST', '/auth/sign-in', { email, password }));

/** Becomes a demo person in this tab alone. */
export const signInDemo = async (personId: string): Promise<Result<SignedIn>> =>
  keep(await call('POST', '/auth/demo', { personId }));

/** Whom a link is for; `secret` is what stands behind `#join=` in it. */
export const invitation = (secret: string): Promise<Result<InvitationView>> =>
  call('POST', '/auth/invitation', { secret });

/** What somebody chooses when redeeming a link. */
export interface Joining {
  readonly password: string;
  /** Absent: the name of the invitation stays. */
  readonly name?: string;
  /** For a first owner alone, whose link was made without an address. */
  readonly email?: string;
}

/** Redeems an invitation, a password link or the first owner's link. */
export const join = async (secret: string, chosen: Joining): Promise<Result<SignedIn>> =>
  keep(await call('POST', '/auth/join', { secret, ...chosen }));

export async function signOut(): Promise<void> {
  await call('POST', '/auth/sign-out', {});
  forgetTab();
}

/** Makes the secret of an invitation link and the hash that the hub may know (see `person:invite`). */
export async function makeInvitation(): Promise<{ secret: string; tokenHash: string }> {
  const secret = hex(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
  return { secret, tokenHash: hex(new Uint8Array(digest)) };
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
