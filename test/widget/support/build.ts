import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/**
 * Builds the widget, its launcher and the page for trying it, as `npm run build` does.
 * @param folder gets them; it is there and empty
 */
export function buildWidget(folder: string): void {
  // In a process of its own: here Vite would build for tests, with the development half of its libraries.
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  for (const mode of ['widget', 'loader']) {
    execFileSync(process.execPath, [vite, 'build', '--mode', mode, '--outDir', folder, '--logLevel', 'error'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
    });
  }
}
