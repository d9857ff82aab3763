import type { AdapterKind } from '../../shared/contract/connection.ts';
import type { Adapter } from './channel.ts';
import { generic } from './generic.ts';
import { whatsapp } from './whatsapp.ts';

/** Every adapter there is; total, so that a kind without one does not compile. */
export const adapters: Readonly<Record<AdapterKind, Adapter>> = { generic, whatsapp };
