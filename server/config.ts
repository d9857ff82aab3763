import { isIP } from 'node:net';
import { resolve } from 'node:path';

/** What Express may believe of `X-Forwarded-*`: nothing, that many hops, or these addresses and subnets. */
export type TrustProxy = false | number | string[];

export interface Config {
  /** TCP port to listen on; 0 asks the system for a free one. */
  port: number;
  /** Address to listen on. */
  host: string;
  /** PostgreSQL 15 or newer; null starts the embedded one in `dataDir`. */
  databaseUrl: string | null;
  /** Bus between hubs; null keeps it in the process. */
  redisUrl: string | null;
  /** Absolute folder of the embedded database. */
  dataDir: string;
  /** Whether a database without any organisation gets the demo organisation. */
  demo: boolean;
  /** Web origins, beside the hub's own, that may embed the widget and open sockets. */
  origins: string[];
  trustProxy: TrustProxy;
  /** Hosts, with a port or without, that webhooks may reach although they are private: lower case, as `mayReach` has them. */
  outboundHosts: string[];
}

/** Every environment variable that the hub reads: its default, and what may be given. `.env.example` lists the same. */
export const variables = {
  PORT: { default: '4242', allowed: 'a whole number from 0 to 65535 (0 picks a free port)' },
  HOST: { default: '127.0.0.1', allowed: 'an IP address or a host name, such as 127.0.0.1 or 0.0.0.0' },
  DATABASE_URL: {
    default: '',
    allowed: 'postgres://user:password@host:port/database, or nothing for the embedded one',
  },
  REDIS_URL: { default: '', allowed: 'redis://host:port or rediss://host:port, or nothing for a single hub' },
  HALYARD_DATA: { default: './.halyard', allowed: 'a folder for the embedded database' },
  HALYARD_DEMO: { default: 'on', allowed: 'on or off' },
  HALYARD_ORIGINS: {
    default: '',
    allowed: 'web origins separated by commas, such as https://www.example.com,https://shop.example.com',
  },
  HALYARD_TRUST_PROXY: {
    default: 'off',
    allowed: 'off, a number of proxies from 1 to 16, or their addresses and subnets separated by commas',
  },
  HALYARD_OUTBOUND_HOSTS: {
    default: '',
    allowed:
      'host names and addresses, each with a port or without, separated by commas, such as crm.internal,10.0.0.7:8080',
  },
} as const;

type VariableName = keyof typeof variables;

/** A setting that the hub cannot start with. The message is a whole sentence for the person who starts the hub. */
export class ConfigError extends Error {
  readonly variable: string;

  constructor(variable: string, sentence: string) {
    super(sentence);
    this.name = 'ConfigError';
    this.variable = variable;
  }
}

/** Names that belong to the tests and mean nothing to a hub that inherits them. */
const ignored = /^HALYARD_(TEST_.*|PROOF)$/;

/** Addresses may carry a password, which must reach neither a terminal nor a log. */
function shown(name: VariableName, given: string): string {
  if (name !== 'DATABASE_URL' && name !== 'REDIS_URL') return `"${given}"`;
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!url?.host) return 'something that is no such address (not shown, it may hold a password)';
  return `"${url.protocol}//${url.host}${url.pathname}" (without its user and password)`;
}

function wrong(name: VariableName, given: string): ConfigError {
  return new ConfigError(name, `${name} is ${shown(name, given)}, but must be ${variables[name].allowed}.`);
}

function readPort(given: string): number {
  const port = /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN;
  if (!(port <= 65_535)) throw wrong('PORT', given);
  return port;
}

function readHost(given: string): string {
  const label = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i;
  const looksNumeric = /^[\d.]+$/.test(given);
  if (isIP(given) !== 0) return given;
  if (looksNumeric || given.length > 253 || !given.split('.').every((part) => label.test(part))) {
    throw wrong('HOST', given);
  }
  return given;
}

function readUrl(name: 'DATABASE_URL' | 'REDIS_URL', given: string, protocols: string[]): string | null {
  if (given === '') return null;
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!url || !protocols.includes(url.protocol)) throw wrong(name, given);
  // postgres:///name?host=/run/postgresql names a Unix socket, so an empty host is fine there.
  if (name === 'REDIS_URL' ? url.host === '' : url.pathname.length < 2) throw wrong(name, given);
  return given;
}

function readOrigins(given: string): string[] {
  const origins = list(given).map((entry) => {
    const url = URL.canParse(entry) ? new URL(entry) : null;
    const web = url?.protocol === 'http:' || url?.protocol === 'https:';
    // A path, a trailing slash or a wildcard would never equal what a browser sends as Origin.
    if (!url || !web || url.origin !== entry.toLowerCase()) throw wrong('HALYARD_ORIGINS', given);
    return url.origin;
  });
  return [...new Set(origins)];
}

function readTrustProxy(given: string): TrustProxy {
  if (given === 'off') return false;
  if (/^\d+$/.test(given)) {
    const hops = Number(given);
    if (hops < 1 || hops > 16) throw wrong('HALYARD_TRUST_PROXY', given);
    return hops;
  }
  const entries = list(given);
  for (const entry of entries) {
    const [address = '', bits, ...rest] = entry.split('/');
    const version = isIP(address);
    const widest = version === 4 ? 32 : 128;
    const named = ['loopback', 'linklocal', 'uniquelocal'].includes(entry);
    const subnet = version !== 0 && rest.length === 0 && (bits === undefined || /^\d{1,3}$/.test(bits));
    if (!named && !(subnet && Number(bits ?? 0) <= widest)) throw wrong('HALYARD_TRUST_PROXY', given);
  }
  if (entries.length === 0) throw wrong('HALYARD_TRUST_PROXY', given);
  return entries;
}

/** In the one spelling in which a URL has them, so that they can be compared. */
function readOutboundHosts(given: string): string[] {
  const hosts = list(given).map((entry) => {
    const bare = isIP(entry) === 6 ? `[${entry}]` : entry;
    const url = /^[^/?#@\\\s*]+$/.test(bare) && URL.canParse(`http://${bare}`) ? new URL(`http://${bare}`) : null;
    // A default port is left out by URLs, and would then mean every port.
    const port = /:(\d{1,5})$/.exec(bare.replace(/^\[.*\]/, ''))?.[1];
    if (url === null || url.hostname === '' || url.pathname !== '/') throw wrong('HALYARD_OUTBOUND_HOSTS', given);
    const host = url.hostname.replace(/^\[(.*)\]$/, port === undefined ? '$1' : '[$1]');
    return port === undefined ? host : `${host}:${Number(port)}`;
  });
  return [...new Set(hosts)];
}

function list(given: string): string[] {
  return given
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/**
 * Reads the hub's settings.
 * @param env the process environment; an empty value counts as not given
 * @param cwd folder that a relative `HALYARD_DATA` starts from
 * @throws ConfigError naming the variable, what was given and what is allowed; also for an unknown `HALYARD_` name, which
 *   is a misspelling that would otherwise be ignored in silence
 */
export function readConfig(env: Record<string, string | undefined>, cwd: string = process.cwd()): Config {
  for (const name of Object.keys(env)) {
    if (name.startsWith('HALYARD_') && !(name in variables) && !ignored.test(name)) {
      const known = Object.keys(variables).filter((known) => known.startsWith('HALYARD_'));
      throw new ConfigError(name, `${name} is no setting of Halyard; there are ${known.join(', ')}.`);
    }
  }
  const given = (name: VariableName): string => env[name]?.trim() || variables[name].default;
  const demo = given('HALYARD_DEMO');
  if (demo !== 'on' && demo !== 'off') throw wrong('HALYARD_DEMO', demo);
  const dataDir = given('HALYARD_DATA');
  if (dataDir.includes('\0')) throw wrong('HALYARD_DATA', dataDir);
  return {
    port: readPort(given('PORT')),
    host: readHost(given('HOST')),
    databaseUrl: readUrl('DATABASE_URL', given('DATABASE_URL'), ['postgres:', 'postgresql:']),
    redisUrl: readUrl('REDIS_URL', given('REDIS_URL'), ['redis:', 'rediss:']),
    dataDir: resolve(cwd, dataDir),
    demo: demo === 'on',
    origins: readOrigins(given('HALYARD_ORIGINS')),
    trustProxy: readTrustProxy(given('HALYARD_TRUST_PROXY')),
    outboundHosts: readOutboundHosts(given('HALYARD_OUTBOUND_HOSTS')),
  };
}
