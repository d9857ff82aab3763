/** What became of a help flag, in the order of its keys 1 to 4. */
export const outcomes = ['answered', 'joined', 'taken_over', 'not_needed'] as const;
