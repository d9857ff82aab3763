import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig, variables } from '../../server/config.ts';

describe('readConfig', () => {
  test('an empty environment gives the one-machine shape', () => {
    expect(readConfig({}, '/srv/halyard')).toEqual({
      port: 4242,
      host: '127.0.0.1',
      databaseUrl: null,
      redisUrl: null,
      dataDir: '/srv/halyard/.halyard',
      demo: true,
      origins: [],
      trustProxy: false,
      outboundHosts: [],
    });
  });

  test('everything that is given is read', () => {
    const env = {
      PORT: '0',
      HOST: '::1',
      DATABASE_URL: 'postgres://halyard:secret@db.example:5432/halyard',
      REDIS_URL: 'rediss://:secret@cache.example:6379',
      HALYARD_DATA: '/var/lib/halyard',
      HALYARD_DEMO: 'off',
      HALYARD_ORIGINS: 'https://www.example.com, http://localhost:8080,https://www.example.com',
      HALYARD_TRUST_PROXY: '10.0.0.0/8, fd00::/8, loopback',
      HALYARD_OUTBOUND_HOSTS: 'CRM.internal, 10.0.0.7:8080,fd00::7,[fd00:0::8]:80, crm.internal',
    };
    expect(readConfig(env)).toEqual({
      port: 0,
      host: '::1',
      databaseUrl: env.DATABASE_URL,
      redisUrl: env.REDIS_URL,
      dataDir: '/var/lib/halyard',
      demo: false,
      origins: ['https://www.example.com', 'http://localhost:8080'],
      trustProxy: ['10.0.0.0/8', 'fd00::/8', 'loopback'],
      outboundHosts: ['crm.internal', '10.0.0.7:8080', 'fd00::7', '[fd00::8]:80'],
    });
  });

  test('an empty value counts as not given, and names of the tests are no settings', () => {
    expect(readConfig({ PORT: '', HALYARD_TEST_DATABASE_URL: 'x', HALYARD_PROOF: '1' }).port).toBe(4242);
  });

  test('a socket folder can stand for the database host', () => {
    const url = 'postgres:///halyard?host=/run/postgresql';
    expect(readConfig({ DATABASE_URL: url }).databaseUrl).toBe(url);
  });

  test.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80a'],
    ['PORT', '1e3'],
    ['HOST', 'two words'],
    ['HOST', '999.1.1.1'],
    ['HOST', 'http://localhost'],
    ['DATABASE_URL', 'mysql://localhost/halyard'],
    ['DATABASE_URL', 'postgres://localhost'],
    ['DATABASE_URL', 'localhost'],
    ['REDIS_URL', 'http://localhost:6379'],
    ['REDIS_URL', 'localhost:6379'],
    ['HALYARD_DATA', 'a\0b'],
    ['HALYARD_DEMO', 'yes'],
    ['HALYARD_ORIGINS', '*'],
    ['HALYARD_ORIGINS', 'https://www.example.com/'],
    ['HALYARD_ORIGINS', 'https://www.example.com,ftp://example.com'],
    ['HALYARD_TRUST_PROXY', 'on'],
    ['HALYARD_TRUST_PROXY', '0'],
    ['HALYARD_TRUST_PROXY', '17'],
    ['HALYARD_TRUST_PROXY', '10.0.0.0/33'],
    ['HALYARD_TRUST_PROXY', ','],
  ] as const)('%s=%j is refused in one sentence that says what is allowed', (name, value) => {
    const read = () => readConfig({ [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(variables[name].allowed);
    expect(read).toThrow(new RegExp(`^${name} is .*\\.$`));
  });

  test('a misspelt name is refused instead of ignored', () => {
    expect(() => readConfig({ HALYARD_ORIGIN: 'https://example.com' })).toThrow(
      /HALYARD_ORIGIN is no setting.*HALYARD_ORIGINS/,
    );
  });

  test('a refused address never shows its password', () => {
    for (const url of ['mysql://root:hunter2@db/halyard', 'postgres//root:hunter2@db/halyard', 'root:hunter2@db']) {
      const message = (() => {
        try {
          return String(readConfig({ DATABASE_URL: url }).databaseUrl);
        } catch (error) {
          return String(error);
        }
      })();
      expect(message).toContain('DATABASE_URL');
      expect(message).not.toContain('hunter2');
    }
  });
});

test('.env.example lists every variable with its default, and nothing else', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const listed = Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  expect(listed).toEqual(
    Object.fromEntries(Object.entries(variables).map(([name, { default: value }]) => [name, value])),
  );
});
