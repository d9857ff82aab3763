/** What a person is called in the middle of a talk: the first word of the name, or the whole name where there is one word. */
export function shortName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name;
}

/** Names of everybody who helps, as short as they can be told apart. */
export function shortNames(names: readonly string[]): string[] {
  const short = names.map(shortName);
  return names.map((name, at) => {
    const own = short[at] ?? name;
    return short.filter((other) => other === own).length > 1 ? name : own;
  });
}

/** Two letters for an avatar: of the first and the last word. */
export function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  const first = [...(parts[0] ?? '')];
  const last = parts.length > 1 ? [...(parts.at(-1) ?? '')] : first.slice(1);
  return `${first[0] ?? ''}${last[0] ?? ''}`.toLocaleUpperCase();
}
