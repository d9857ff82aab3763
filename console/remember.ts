/** Small choices of this browser: sort, team, how Enter behaves. A closed or full storage forgets them, nothing more. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`halyard.console.${key}`);
  } catch {
    return null;
  }
}

/** Null forgets. */
export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`halyard.console.${key}`);
    else localStorage.setItem(`halyard.console.${key}`, value);
  } catch {
    // The choice holds for this page.
  }
}
