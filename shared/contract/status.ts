/** What a person says about themselves, in the order in which menus show it. */
export const statuses = ['available', 'busy', 'break', 'offline'] as const;
