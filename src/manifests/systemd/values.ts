/** Spans of time and sizes as units write them (systemd.time(7), systemd.resource-control(5)). */

const seconds: Readonly<Record<string, number>> = {
  ms: 1e-3,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
};
Object.assign(seconds, { h: 3600, hr: 3600, hour: 3600, hours: 3600, d: 86_400, day: 86_400, days: 86_400, msec: 1e-3 });

/** `90`, `1min 30s`, `infinity`. */
export function secondsOf(text: string): number | undefined {
  if (text === 'infinity') return Number.MAX_SAFE_INTEGER;
  if (text.length > 60) return undefined;
  const parts = [...text.matchAll(/(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]*)/g)];
  const known = parts.every(([, , unit]) => unit === '' || Object.hasOwn(seconds, unit!));
  if (
    parts.length === 0 ||
    !known ||
    parts
      .map(([whole]) => whole)
      .join('')
      .replace(/\s/g, '') !== text.replace(/\s/g, '')
  )
    return undefined;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (seconds[unit || 's'] ?? 1), 0);
}

const units: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** `512M`; a share of the machine's memory is not known. */
export function sizeOf(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,15})([KMGT]?)$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * units[unit]!;
}
