/** `npm run dev`: the hub, started again on every change, and Vite with hot reload in front of it on port 5173. */
import { spawn } from 'node:child_process';
import { bin, root } from './checks.mjs';

const children = [
  spawn(process.execPath, [bin('tsx', 'tsx'), 'watch', '--clear-screen=false', 'server/main.ts'], {
    cwd: root,
    stdio: 'inherit',
  }),
  spawn(process.execPath, [bin('vite', 'vite')], { cwd: root, stdio: 'inherit' }),
];

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  for (const child of children) child.kill('SIGTERM');
}

process.on('SIGINT', stop);
process.on('SIGTERM', stop);
for (const child of children) child.on('exit', stop);
