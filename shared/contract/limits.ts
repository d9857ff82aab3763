/** Lengths, in UTF-16 units, that screens show beside their counters. */
export const limits = {
  name: 80,
  email: 254,
  message: 4000,
  flagMessage: 280,
  declineWord: 140,
  sideChat: 2000,
  password: { least: 12, most: 256 },
} as const;
