/**
 * The port on which the server of ASP.NET Core listens where its code leaves that to the environment: `--urls`, then
 * ASPNETCORE_URLS, then ASPNETCORE_HTTP_PORTS, then what the base image sets. It becomes a variable of its own, which code is read with.
 * https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/endpoints
 */
import type { EnvEntry, ImageStage } from '../facts.ts';
import type { Place } from '../types.ts';
import type { ProcessReading } from './process/reading.ts';

const name = 'ASPNETCORE_URLS:port';
const base = /^mcr\.microsoft\.com\/dotnet\/(?:core\/)?(?:aspnet|runtime-deps|runtime|sdk):(\d+)\./;

type Port = number | 'unknown';

/** One plain address tells the port; with several, or one for TLS, which of them is asked cannot be told. */
function portOfUrls(urls: string): Port {
  const all = urls.split(/[;,]/).filter((url) => url.trim() !== '');
  const [, host, port] = /^\s*http:\/\/(\[[^\]]*\]|[^/:]*)(?::(\d{1,5}))?\/?\s*$/i.exec(all[0] ?? '') ?? [];
  return all.length !== 1 || host === undefined ? 'unknown' : Number(port ?? 80);
}
const portOfList = (ports: string): Port => (/^\s*\d{1,5}\s*$/.test(ports) ? Number(ports) : 'unknown');

/** `--urls=http://+:8080` behind the program. */
function urlsOfCommand({ process }: ProcessReading): { readonly text: string; readonly place: Place } | undefined {
  for (const { words, place, ends } of process.steps) {
    const at = ends ? -1 : words.findIndex((word) => /^--urls(?:=|$)/i.test(word));
    if (at >= 0) return { text: words[at]!.includes('=') ? words[at]!.replace(/^[^=]*=/, '') : (words[at + 1] ?? ''), place };
  }
  return undefined;
}

/** Images of .NET 8 and later set port 8080, those before it 80. */
function portOfBase(lineage: readonly ImageStage[]): { readonly port: number; readonly place: Place } | undefined {
  const from = lineage.at(-1)?.base;
  const major = from?.known ? base.exec(from.value)?.[1] : undefined;
  return major === undefined ? undefined : { port: Number(major) >= 8 ? 8080 : 80, place: from!.place };
}

const toEntry = (port: Port, place: Place): EnvEntry => ({
  name,
  value: port === 'unknown' ? { known: false, because: 'several addresses', place } : { known: true, value: String(port), place },
  place,
});

/** The variable, where anything tells the port. */
export function listenPort(given: readonly EnvEntry[], lineage: readonly ImageStage[], reading?: ProcessReading): readonly EnvEntry[] {
  const command = reading && urlsOfCommand(reading);
  if (command) return [toEntry(portOfUrls(command.text), command.place)];
  const of = (variable: string) => given.find((entry) => entry.name === variable);
  const urls = of('ASPNETCORE_URLS') ?? of('DOTNET_URLS');
  if (urls) return [toEntry(urls.value?.known ? portOfUrls(urls.value.value) : 'unknown', urls.place)];
  const secure = of('ASPNETCORE_HTTPS_PORTS') ?? of('DOTNET_HTTPS_PORTS');
  const ports = of('ASPNETCORE_HTTP_PORTS') ?? of('DOTNET_HTTP_PORTS');
  if (secure) return [toEntry('unknown', secure.place)];
  if (ports) return [toEntry(ports.value?.known ? portOfList(ports.value.value) : 'unknown', ports.place)];
  const own = portOfBase(lineage);
  return own ? [toEntry(own.port, own.place)] : [];
}
