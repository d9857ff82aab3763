/** `npm run check`: types, components, lint and format. Exit code 1 when one of them finds something. */
import { runChecks } from './checks.mjs';

const { failed } = await runChecks();
process.exitCode = failed === 0 ? 0 : 1;
