import type { SourceFile } from '../../types.ts';
import { recognisers } from './recognisers/index.ts';

/** Part of the cache key: raise it when summaries or the gate change. */
export const gateVersion = 15;

/** Where programs begin, and what leads from there to what recognisers look for. */
const always = ['IServiceCollection', 'IApplicationBuilder', 'WebApplication', 'IHostBuilder', 'Controller', 'const string'];

let pattern: RegExp | undefined;
const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** True when the text holds something that a recogniser looks for; a program is read from where it begins. */
export function gate({ path, text }: SourceFile): boolean {
  if (/(?:^|\/)(?:Program|Startup\w{0,40}|Global\.asax)\.cs$/.test(path)) return true;
  pattern ??= new RegExp([...new Set([...always, ...recognisers.flatMap((recogniser) => recogniser.text)])].map(quote).join('|'));
  return pattern.test(text);
}
