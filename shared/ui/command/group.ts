import type { Command } from './register.svelte.ts';

export interface CommandGroup {
  readonly name: string;
  readonly commands: readonly Command[];
}

/** Commands under their headings, both in order of arrival. */
export function grouped(commands: readonly Command[]): CommandGroup[] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    const group = groups.get(command.group);
    if (group) group.push(command);
    else groups.set(command.group, [command]);
  }
  return [...groups].map(([name, members]) => ({ name, commands: members }));
}
