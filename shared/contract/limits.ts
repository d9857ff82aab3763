/** Lengths, in UTF-16 units, that screens show beside their counters. */
export const limits = {
  name: 80,
  email: 254,
  message: 4000,
  flagMessage: 280,
  declineWord: 140,
  sideChat: 2000,
  /** Words or a phrase that a rule listens for. */
  phrase: 80,
  /** Phrases in one list of a rule. */
  phrases: 50,
  /** How far apart, in words, two phrases may be and still be near. */
  near: 50,
  rules: 1000,
  reasons: 20,
  connections: 100,
  /** Why fallback mode was switched on. */
  note: 280,
  address: 200,
  url: 2000,
  secret: 512,
  password: { least: 12, most: 256 },
} as const;
