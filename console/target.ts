/**
 * What the console counts towards until an organisation can set its own: a customer's newest line answered, and a
 * conversation without an agent taken. Clocks warn in the last quarter. In ms.
 */
export const answerTargetMs = 5 * 60_000;
export const unassignedTargetMs = 10 * 60_000;
