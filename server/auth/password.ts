import { randomBytes } from 'node:crypto';
import { hash, type Options, verify } from '@node-rs/argon2';
import { limits } from '../../shared/contract/limits.ts';

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default) with 19 MiB, 2 passes, 1 lane. */
const cost: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The slow hash, behind an interface so that a test can see what was verified. */
export interface PasswordEngine {
  hash(password: string): Promise<string>;
  verify(stored: string, password: string): Promise<boolean>;
}

export const argon2: PasswordEngine = {
  hash: (password) => hash(password, cost),
  verify: (stored, password) => verify(stored, password),
};

export interface Passwords {
  /** Hash of a password in PHC form. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the stored one. Without a stored hash (nobody has the address, or has no password) a hash that no
   * password fits is verified instead, so that the answer takes as long.
   */
  verify(stored: string | null, password: string): Promise<boolean>;
}

/** The same letters typed on two machines may be other code points (NIST SP 800-63B, 3.1.1.2). */
const normal = (password: string): string => password.normalize('NFKC');

/** Makes the checker of passwords; it hashes one random password first, to have something for those who are unknown. */
export async function createPasswords(engine: PasswordEngine = argon2): Promise<Passwords> {
  const nobody = await engine.hash(randomBytes(32).toString('hex'));
  return {
    hash: (password) => engine.hash(normal(password)),
    verify: async (stored, password) => {
      const fits = await engine.verify(stored ?? nobody, normal(password));
      return stored !== null && fits;
    },
  };
}

/** Passwords of 12 characters and more that stand high in every list of breached ones; shorter ones are refused anyway. */
const breached = new Set(
  `123456789012 1234567890123 123456789123 123123123123 123412341234 111122223333 000000000000 111111111111 121212121212
   012345678910 098765432109 987654321098 qwertyuiopas qwertyuiop12 qwertyuiop123 qwerty123456 qwerty1234567 1q2w3e4r5t6y
   1qaz2wsx3edc qazwsxedcrfv zaq12wsxcde3 asdfghjkl123 asdfghjklzxc zxcvbnmasdfg abcdefghijkl abcd1234abcd abc123abc123
   a1b2c3d4e5f6 passwordpassword password1234 password12345 password123456 password1234567 password12345678 passw0rd1234
   p@ssw0rd1234 p@ssword1234 passwort1234 passwort12345 motdepasse12 contrasena12 iloveyou1234 iloveyouforever
   iloveyousomuch letmein12345 letmeinplease welcome12345 welcome123456 administrator admin1234567 admin12345678
   administrator1 changeme1234 changemeplease default12345 sunshine1234 princess1234 football1234 baseball1234 superman1234
   trustno1trustno1 monkey123456 dragon123456 master123456 shadow123456 michael12345 computer1234 internet1234
   correcthorsebatterystaple summer2024summer spring2025spring halyardhalyard halyard12345 halyard123456`.split(/\s+/),
);

/** A run of one character, or of neighbours in one direction: aaaaaaaaaaaa, 234567890123. */
function isRun(password: string): boolean {
  const steps = new Set<number>();
  for (let at = 1; at < password.length; at += 1) {
    const step = password.charCodeAt(at) - password.charCodeAt(at - 1);
    // After 9 comes 0 again, and before 0 comes 9.
    steps.add(step === -9 ? 1 : step === 9 ? -1 : step);
  }
  const [only] = steps;
  return steps.size === 1 && only !== undefined && Math.abs(only) <= 1;
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/**
 * Why a password may not be used, as a sentence; null when it may. No rule about kinds of characters (NIST SP 800-63B,
 * 3.1.1.2): length, breached ones, and what stands on the same page.
 * @param about the person's own name and address
 */
export function passwordFault(password: string, about: readonly (string | null)[]): string | null {
  const characters = [...normal(password)];
  if (characters.length < limits.password.least) {
    return `The password has ${characters.length} characters; it must have at least ${limits.password.least}.`;
  }
  const bare = plain(normal(password));
  if (
    breached.has(normal(password).toLowerCase()) ||
    breached.has(bare) ||
    isRun(bare) ||
    new Set(characters).size < 4
  ) {
    return 'This password is among the first that attackers try.';
  }
  const own = about.flatMap((text) => (text === null ? [] : [plain(text), plain(text.split('@')[0] ?? '')]));
  const rest = (word: string): number => bare.replaceAll(word, '').length;
  if (own.some((word) => word.length >= 4 && rest(word) < 6 && bare.includes(word))) {
    return 'This password is little more than your own name or address.';
  }
  return null;
}
