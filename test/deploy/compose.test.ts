// @vitest-environment node

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig, variables } from '../../server/config.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The part of the Compose specification that the file uses; a misspelt key is refused, as Compose refuses it. */
const condition = z.enum(['service_started', 'service_healthy', 'service_completed_successfully']);
const duration = z.string().regex(/^\d+(ms|s|m)$/);
const service = z.strictObject({
  image: z.string().optional(),
  build: z.string().optional(),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']).optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  stop_grace_period: duration.optional(),
  shm_size: z.string().optional(),
  user: z.string().optional(),
  network_mode: z.string().optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string().regex(/^[\w./-]+:\/[\w./-]+(:ro)?$/)).optional(),
  ports: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition })).optional(),
  healthcheck: z
    .strictObject({ test: z.array(z.string()), interval: duration, timeout: duration, retries: z.number() })
    .optional(),
});
const compose = z.strictObject({
  name: z.string(),
  'x-hub': service,
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
});

const file = compose.parse(parse(read('docker-compose.yml'), { merge: true }));
const services = new Map(Object.entries(file.services));
const hubs = ['hub1', 'hub2'].map((name) => services.get(name));

describe('docker-compose.yml', () => {
  test('has PostgreSQL, Redis, two hubs and a load balancer', () => {
    expect([...services.keys()].sort()).toEqual(['balancer', 'hub1', 'hub2', 'postgres', 'redis', 'secret']);
  });

  test('waits for services that are there, and for health only where it is checked', () => {
    for (const [name, { depends_on = {} }] of services) {
      for (const [other, wanted] of Object.entries(depends_on)) {
        expect(services.has(other), `${name} waits for ${other}`).toBe(true);
        const checked = services.get(other)?.healthcheck !== undefined || /^hub\d$/.test(other);
        if (wanted.condition === 'service_healthy') expect(checked, `${other} is checked`).toBe(true);
      }
    }
  });

  test('names every volume that it mounts', () => {
    const mounted = [...services.values()].flatMap(({ volumes = [] }) =>
      volumes.map((volume) => volume.split(':')[0] ?? ''),
    );
    const named = new Set(mounted.filter((source) => !source.startsWith('.')));
    expect([...named].sort()).toEqual(Object.keys(file.volumes).sort());
  });

  test('gives the hubs settings that they take, without the demo, behind the balancer', () => {
    for (const hub of hubs) {
      const given = hub?.environment ?? {};
      expect(Object.keys(variables)).toEqual(expect.arrayContaining(Object.keys(given)));
      const settings = readConfig({
        ...given,
        HALYARD_ORIGINS: '',
        DATABASE_URL: 'postgres://halyard:x@postgres:5432/halyard',
      });
      expect(settings).toMatchObject({ demo: false, host: '0.0.0.0', port: 4242, redisUrl: 'redis://redis:6379' });
      expect(settings.trustProxy).toEqual(['uniquelocal']);
      expect(hub?.command?.join(' ')).toContain('DATABASE_URL="postgres://halyard:');
    }
  });

  test('holds no password', () => {
    const text = read('docker-compose.yml');
    expect(text).not.toMatch(/POSTGRES_PASSWORD:|:\/\/\w+:[^$@\s]+@/);
    expect(services.get('postgres')?.environment?.POSTGRES_PASSWORD_FILE).toBe('/run/halyard/password');
  });

  test('opens only the balancer to the outside', () => {
    const open = [...services].filter(([, { ports }]) => ports !== undefined).map(([name]) => name);
    expect(open).toEqual(['balancer']);
  });
});

describe('Dockerfile', () => {
  const text = read('Dockerfile');
  const last = text.slice(text.lastIndexOf('\nFROM '));

  test('runs the hub as another user than root, with a health check', () => {
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(last).toContain('dist/server/main.js');
  });

  test('starts from a Node that package.json allows', () => {
    const oldest = /"node": ">=(\d+)/.exec(read('package.json'))?.[1];
    for (const [, major] of text.matchAll(/^FROM node:(\d+)/gm))
      expect(Number(major)).toBeGreaterThanOrEqual(Number(oldest));
  });
});
