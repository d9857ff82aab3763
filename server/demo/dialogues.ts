import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** A customer's line and the agent's answer to it. */
export interface Exchange {
  readonly customer: string;
  readonly agent: string;
}

/** A conversation as it could be had; origin and licence stand in the README beside the file. */
export interface Dialogue {
  /** Its place in the file, which customers' ids carry. */
  readonly number: number;
  /** Name of the demo team that it belongs to. */
  readonly team: string;
  readonly exchanges: readonly Exchange[];
}

const line = z.strictObject({
  id: z.string(),
  topics: z.array(z.string()),
  turns: z.array(z.tuple([z.enum(['customer', 'agent']), z.string().min(1)])).min(2),
});

/** Whom a topic is for: money to Banking, everything on the road to Travel. */
export const teamOf = (topics: readonly string[]): string => (topics.includes('banks') ? 'Banking' : 'Travel');

/**
 * Reads dialogues, one JSON object a line.
 * @throws where a line is not one, or customer and agent do not take turns, beginning with the customer
 */
export function parseDialogues(text: string): Dialogue[] {
  return text
    .trim()
    .split('\n')
    .map((row, number) => {
      const { topics, turns } = line.parse(JSON.parse(row));
      const exchanges = turns.flatMap(([who, said], at): Exchange[] => {
        if (who !== (at % 2 === 0 ? 'customer' : 'agent'))
          throw new Error(`dialogue ${number}: they do not take turns`);
        return who === 'customer' ? [{ customer: said, agent: turns[at + 1]?.[1] ?? 'Thank you.' }] : [];
      });
      return { number, team: teamOf(topics), exchanges };
    });
}

/** The dialogues that stand beside this file, or beside the built hub. */
export async function readDialogues(): Promise<Dialogue[]> {
  return parseDialogues(await readFile(new URL('./dialogues.jsonl', import.meta.url), 'utf8'));
}
