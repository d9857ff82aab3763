/** What this browser remembers of the chat. Where storage is shut, it is remembered until the page goes. */
export interface Memory {
  get(key: MemoryKey): string | null;
  set(key: MemoryKey, value: string | null): void;
}

/** `outbox` and `draft` belong to the tab, the rest to the browser. */
export type MemoryKey = 'visitor' | 'name' | 'live' | 'sound' | 'outbox' | 'draft';
const ofTheTab: readonly MemoryKey[] = ['outbox', 'draft'];

/** @param organisation keeps two organisations on one hub apart */
export function browserMemory(organisation: string | null): Memory {
  const held = new Map<MemoryKey, string>();
  const place = (key: MemoryKey) => (ofTheTab.includes(key) ? sessionStorage : localStorage);
  const path = (key: MemoryKey) => `halyard.widget.${organisation ?? ''}.${key}`;
  return {
    get(key) {
      try {
        return place(key).getItem(path(key));
      } catch {
        // A browser that shuts storage to framed pages throws.
        return held.get(key) ?? null;
      }
    },
    set(key, value) {
      try {
        if (value === null) place(key).removeItem(path(key));
        else place(key).setItem(path(key), value);
      } catch {
        if (value === null) held.delete(key);
        else held.set(key, value);
      }
    },
  };
}
