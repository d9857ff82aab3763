import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isReady } from './hub-process.ts';
import { freePort } from './port.ts';
import { until } from './wait.ts';

const config = fileURLToPath(new URL('../../deploy/haproxy.cfg', import.meta.url));

export interface Balancer {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts HAProxy with the file that docker-compose.yml gives it, before two hubs of this machine.
 * @param hubs ports of the hubs on 127.0.0.1
 */
export async function startBalancer(hubs: [number, number]): Promise<Balancer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn('haproxy', ['-db', '-q', '-f', config], {
    env: {
      PATH: `${process.env.PATH}:/usr/sbin`,
      TMPDIR: process.env.TMPDIR,
      HALYARD_LISTEN: `127.0.0.1:${port}`,
      HALYARD_HUB1: `127.0.0.1:${hubs[0]}`,
      HALYARD_HUB2: `127.0.0.1:${hubs[1]}`,
    },
    stdio: 'ignore',
  });
  let failed: Error | null = null;
  child.once('error', (error) => {
    failed = new Error('haproxy is not installed; on Debian: apt-get install haproxy', { cause: error });
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await until('the balancer', () => {
    if (failed) throw failed;
    if (child.exitCode !== null) throw new Error(`haproxy ended with exit code ${child.exitCode}`);
    return isReady(url);
  });
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
