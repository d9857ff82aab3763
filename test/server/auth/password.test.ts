import { describe, expect, test } from 'vitest';
import { argon2, createPasswords, passwordFault } from '../../../server/auth/password.ts';
import { quickEngine } from '../../support/staff.ts';

describe('password hashes', () => {
  test('are argon2id with 19 MiB and 2 passes', async () => {
    const hash = await argon2.hash('a rather long password');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await argon2.verify(hash, 'a rather long password')).toBe(true);
    expect(await argon2.verify(hash, 'a rather long passwore')).toBe(false);
  });

  test('verify a hash of nobody where there is none, and never let anybody in by it', async () => {
    const engine = quickEngine();
    const passwords = await createPasswords(engine);
    expect(await passwords.verify(null, 'whatever it is')).toBe(false);
    expect(engine.verified).toHaveLength(1);
    const [dummy] = engine.verified;
    expect(dummy).toMatch(/^quick\$/);
    engine.verify = async () => true;
    expect(await passwords.verify(null, 'even one that fits')).toBe(false);
  });

  test('are the same for the same letters in another Unicode form', async () => {
    const passwords = await createPasswords(quickEngine());
    const stored = await passwords.hash('Zo\u00eb drinks tea daily');
    expect(await passwords.verify(stored, 'Zoe\u0308 drinks tea daily')).toBe(true);
  });
});

describe('a new password', () => {
  const about = ['Ines Okafor', 'ines.okafor@example.org'];

  test.each([
    ['elevenchars', 'has 11 characters'],
    ['passwordpassword', 'attackers try'],
    ['Password-1234', 'attackers try'],
    ['aaaaaaaaaaaaaaaa', 'attackers try'],
    ['345678901234567', 'attackers try'],
    ['abcdefghijklm', 'attackers try'],
    ['abababababababab', 'attackers try'],
    ['InesOkafor2024', 'your own name'],
    ['ines.okafor@example.org', 'your own name'],
  ])('%s is refused: %s', (password, why) => {
    expect(passwordFault(password, about)).toContain(why);
  });

  test.each(['copper kettle on monday', 'žluťoučký kůň', '🌊🌊🚢⚓🌫🔦🗺🧭🎏🏝🐚🐟', 'ines okafor sails to Lisbon'])(
    '%s is taken',
    (password) => {
      expect(passwordFault(password, about)).toBeNull();
    },
  );
});
