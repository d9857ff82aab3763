// @vitest-environment node

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { commands } from '../../../shared/contract/command.ts';
import { fact, stamp } from '../../../shared/contract/event.ts';
import { permissions, permissionsOf } from '../../../shared/contract/permission.ts';
import { refusalStatus } from '../../../shared/contract/refusal.ts';
import { oldestProtocol, protocolVersion } from '../../../shared/contract/version.ts';

/**
 * What each version of the wire looked like, as a hash. A number that has been released is never given another hash: whoever
 * changes the contract raises `protocolVersion` in shared/contract/version.ts, writes a line of history there, and adds the
 * new number here.
 */
const versions: Readonly<Record<number, string>> = {
  1: 'a9fdc444c508571d24e030b26ab917ee',
  2: '088f37596b57e46d25ed25b26e37dcad',
};

/**
 * Frames and what they carry are types alone, and what an id or a text may be is code that a JSON schema cannot say: so their
 * source is hashed, without comments and layout.
 */
const bySource = [
  'wire',
  'customer',
  'snapshot',
  'read',
  'id',
  'id-schema',
  'limits',
  'text',
  'report',
  'change',
] as const;

function bare(source: string): string {
  return source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/^import .*$/gm, '')
    .replace(/[\s;,]+/g, ' ');
}

/** Key order is a matter of writing, not of the wire. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

function contract(): string {
  const schemas = Object.entries(commands).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'input' })]);
  const parts = {
    commands: Object.fromEntries(schemas),
    facts: z.toJSONSchema(fact),
    stamp: z.toJSONSchema(stamp),
    refusals: refusalStatus,
    permissions: Object.keys(permissions),
    roles: permissionsOf,
    source: bySource.map((name) => bare(readFileSync(`shared/contract/${name}.ts`, 'utf8'))),
  };
  return createHash('sha256')
    .update(JSON.stringify(sorted(parts)))
    .digest('hex')
    .slice(0, 32);
}

test('the contract is the one that its version stands for', () => {
  expect(
    versions[protocolVersion],
    `the wire has changed: raise protocolVersion above ${protocolVersion} in shared/contract/version.ts, write there what is new, and add "${contract()}" under the new number here`,
  ).toBe(contract());
});

test('every version has its line of history, and the newest is the one in use', () => {
  const source = readFileSync('shared/contract/version.ts', 'utf8');
  const lines = [...source.matchAll(/^ \* {3}(\d+) {2}\S.*$/gm)].map(([, number]) => Number(number));
  expect(lines).toEqual(Object.keys(versions).map(Number));
  expect(lines.at(-1)).toBe(protocolVersion);
  expect(new Set(Object.values(versions)).size).toBe(lines.length);
  expect(oldestProtocol).toBeGreaterThanOrEqual(1);
  expect(oldestProtocol).toBeLessThanOrEqual(protocolVersion);
});
