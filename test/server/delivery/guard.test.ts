import { describe, expect, test } from 'vitest';
import { isPublic, mayReach } from '../../../server/delivery/guard.ts';

describe('S1.2 messaging, where replies may go', () => {
  test.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.2.7',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::7f00:1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    'not an address',
    '',
  ])('%s is nobody’s webhook', (address) => expect(isPublic(address)).toBe(false));

  test.each(['1.1.1.1', '172.15.0.1', '172.32.0.1', '192.167.1.1', '2606:4700::1111', '::ffff:1.1.1.1'])(
    '%s is public',
    (address) => expect(isPublic(address)).toBe(true),
  );

  test('a private one may be reached by name or address, with its port or all of them', () => {
    const hosts = new Set(['crm.internal', '10.0.0.7:8080', 'fd00::7', '[fd00::8]:80']);
    expect(mayReach(hosts, 'CRM.internal', '10.9.9.9', 443)).toBe(true);
    expect(mayReach(hosts, 'other.internal', '10.9.9.9', 443)).toBe(false);
    expect(mayReach(hosts, '10.0.0.7', '10.0.0.7', 8080)).toBe(true);
    expect(mayReach(hosts, '10.0.0.7', '10.0.0.7', 80)).toBe(false);
    expect(mayReach(hosts, 'any.example', 'fd00::7', 1)).toBe(true);
    expect(mayReach(hosts, 'fd00::8', 'fd00::8', 80)).toBe(true);
    expect(mayReach(hosts, 'fd00::8', 'fd00::8', 81)).toBe(false);
  });
});
