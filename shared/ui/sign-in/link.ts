/** The secret of a link: `/console#join=<secret>`, or `#invitation=<secret>`; null when the address carries none. */
export function linkSecret(hash: string): string | null {
  return /^#(?:join|invitation)=([A-Za-z0-9_-]{16,200})$/.exec(hash)?.[1] ?? null;
}

/** The address to hand to somebody who was invited. @param origin of the hub's pages, such as `https://desk.example` */
export function linkAddress(origin: string, secret: string): string {
  return `${origin}/console#join=${secret}`;
}
