import type { Id } from './id.ts';

/**
 * Makes a UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds since 1970, then random bits.
 * @param now milliseconds since 1970; handed in so that tests can hold the clock.
 */
export function newId<K extends string>(now: number): Id<K> {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(now / 0x10000));
  view.setUint16(4, now % 0x10000);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  let text = '';
  for (let at = 0; at < 16; at += 1) {
    text += view.getUint8(at).toString(16).padStart(2, '0');
    if (at === 3 || at === 5 || at === 7 || at === 9) text += '-';
  }
  // The one place where a fresh text becomes an id: its form is right by construction.
  return text as Id<K>;
}
