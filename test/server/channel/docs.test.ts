import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstMessage } from '../../../console/settings/first-message.ts';
import { genericIncoming, genericOutgoing } from '../../../server/channel/generic.ts';
import { delays } from '../../../server/delivery/backoff.ts';
import { refusalStatus } from '../../../shared/contract/refusal.ts';
import { Floor } from '../../support/floor.ts';
import { type Connected, connected } from '../../support/messaging.ts';
import { Stage } from '../../support/stage.ts';

/** docs/messaging.md says what is so: its payloads are held against the schemas, and its examples are run. */
const page = readFileSync('docs/messaging.md', 'utf8');
const blocks = (kind: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);

describe('S1.2 messaging, the docs', () => {
  test('what you send is what we take', () => {
    const examples = blocks('json received');
    expect(examples).toHaveLength(2);
    for (const text of examples) expect(genericIncoming.safeParse(JSON.parse(text)).error).toBeUndefined();
  });

  test('what you get is what we send', () => {
    const examples = blocks('json sent');
    expect(examples).toHaveLength(2);
    for (const text of examples) expect(genericOutgoing.safeParse(JSON.parse(text)).error).toBeUndefined();
  });

  test('refusals have the status that the table gives', () => {
    const rows = [...page.matchAll(/^\| (\d{3}) \| `(\w+)` \|/gm)];
    expect(rows.length).toBeGreaterThan(8);
    for (const [, status, code = ''] of rows) expect(Reflect.get(refusalStatus, code), code).toBe(Number(status));
  });

  test('the waits are those of the code', () => {
    const minutes = delays.map((ms) => ms / 60_000);
    expect(minutes.slice(0, 8)).toEqual([5 / 60, 0.5, 2, 10, 30, 60, 180, 360]);
    expect(new Set(minutes.slice(8))).toEqual(new Set([720]));
    expect(page).toContain('after 5 s, 30 s, 2, 10 and 30 minutes, 1, 3 and 6 hours, then every 12 hours');
  });
});

const has = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
};

describe('S1.2 messaging, the examples', () => {
  let floor: Floor;
  let stage: Stage;
  let to: Connected;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'halyard-docs-'));
    floor = await Floor.start();
    stage = await Stage.open(floor);
    to = await connected(stage.of('Marta'), stage.queue('Banking'), 'http://10.0.0.1/');
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await floor.close();
  });
  const arrives = () =>
    stage
      .of('Priya')
      .sees('the message', (live) =>
        [...live.conversations.values()].find((one) => one.connectionId === to.connectionId),
      );

  test('the one of the page runs', async () => {
    const file = join(folder, 'first-message.mjs');
    writeFileSync(file, blocks('js run')[0] ?? '');
    const address = `${floor.url}/channel/${to.connectionId}`;
    const { stdout } = await promisify(execFile)(process.execPath, [file, address, to.inbound]);
    expect(stdout).toMatch(/^200 \{"ok":true/);
    expect((await arrives()).lastLine?.text).toBe('Is anybody there?');
  });

  test.skipIf(!['bash', 'openssl', 'curl', 'od'].every(has))('the one of the settings runs', async () => {
    const script = firstMessage(`${floor.url}/channel/${to.connectionId}`, to.inbound);
    const { stdout } = await promisify(execFile)('bash', ['-c', script]);
    expect(stdout).toMatch(/^\{"ok":true/);
  });
});
