/** Hours and days of a time zone: the same on a screen and on the hub, whatever zone either machine stands in. */
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Says whether the platform knows this name of a zone. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** What a clock in the zone shows at an instant, less UTC, ms. */
export function zoneOffset(zone: string, at: number): number {
  const whole = Math.floor(at / 1000) * 1000;
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(zone).formatToParts(whole)) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

/** Start of the zone's hour that an instant lies in. */
export function hourStart(zone: string, at: number): number {
  const offset = zoneOffset(zone, at);
  return Math.floor((at + offset) / hourMs) * hourMs - offset;
}

/** Start of the zone's day that an instant lies in: its midnight, or where the clocks skip that, the first instant after it. */
export function dayStart(zone: string, at: number): number {
  const offset = zoneOffset(zone, at);
  const midnight = Math.floor((at + offset) / dayMs) * dayMs;
  const guess = midnight - offset;
  const start = midnight - zoneOffset(zone, guess);
  return start > at ? guess : start;
}

/** Start of the zone's day that comes after the one an instant lies in. A day has 23 to 25 hours. */
export function nextDay(zone: string, at: number): number {
  return dayStart(zone, dayStart(zone, at) + 36 * hourMs);
}
