import type { Place } from '../../console/desk.svelte.ts';

/** An address bar without a browser. */
export function handPlace(start = ''): Place & { readonly visited: string[]; back(): void } {
  const visited = [start];
  let tell: () => void = () => undefined;
  return {
    visited,
    hash: () => visited.at(-1) ?? '',
    go: (hash) => void visited.push(hash),
    onChange(hear) {
      tell = hear;
      return () => {
        tell = () => undefined;
      };
    },
    back() {
      visited.pop();
      tell();
    },
  };
}
