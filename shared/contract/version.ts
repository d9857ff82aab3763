/**
 * The number of the wire. A test hashes the contract and fails until this is raised, with one line of history:
 *   1  the live floor: widget, console, wallboard, help flags, side chat, supervision
 *   2  every way to raise: Legacy chat, messaging, rules; escalation, fallback mode, monitoring policy, and their settings
 */
export const protocolVersion = 2;
/** The oldest screen that this hub still serves; an older one is told to reload. */
export const oldestProtocol = 2;
