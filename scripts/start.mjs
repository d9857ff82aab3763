/**
 * `npm start`: installs what is missing, builds what is stale, and becomes the hub. Needs nothing but Node: npm's packages
 * may not be there yet.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkNode, install, step } from './prepare.mjs';
import { buildIsStale, installIsStale } from './stale.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

checkNode();
if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
if (installIsStale(root)) await install(root);
if (buildIsStale(root)) await step('Building', process.execPath, [join(root, 'scripts/build.mjs')], root);

process.env.NODE_ENV ??= 'production';
process.setSourceMapsEnabled(true);
const main = join(root, 'dist/server/main.js');
process.argv[1] = main;
await import(pathToFileURL(main).href);
