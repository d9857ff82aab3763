import type { Drafts } from '../shared/ui/conversation/draft.ts';

/** What stood in the Raise dialog when fallback mode closed it. */
export interface RaiseDraft {
  readonly reasonId: string;
  readonly message: string;
  readonly askJoin: boolean;
}

type Shelf = Pick<Drafts, 'read' | 'write'>;

/** @param id conversation of a flag to be raised, or the flag whose words were being changed */
export function readRaise(drafts: Shelf, id: string): RaiseDraft | null {
  try {
    const kept: unknown = JSON.parse(drafts.read('flag', id));
    if (typeof kept !== 'object' || kept === null) return null;
    const { reasonId, message, askJoin }: Record<string, unknown> = { ...kept };
    return typeof reasonId === 'string' && typeof message === 'string'
      ? { reasonId, message, askJoin: askJoin === true }
      : null;
  } catch {
    // Nothing was kept.
    return null;
  }
}

/** Keeps it, or forgets it with null. */
export function keepRaise(drafts: Shelf, id: string, draft: RaiseDraft | null): void {
  drafts.write('flag', id, draft === null ? '' : JSON.stringify(draft));
}
