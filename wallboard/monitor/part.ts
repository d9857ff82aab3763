/** How this person stands to the session in the drawer. `mine`: they took it over. `ended`: it is over, for reading only. */
export type Part = 'none' | 'monitoring' | 'joined' | 'mine' | 'ended';

/** The first names that the drawer's sentences are made with. */
export interface Names {
  readonly agent: string;
  readonly customer: string;
}
