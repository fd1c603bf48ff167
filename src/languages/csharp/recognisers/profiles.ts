import { isInternalHost, isLoopback, parseAddress } from '../../../text/addresses.ts';
import { purposeOf } from '../../../text/purpose.ts';
import type { Recogniser } from '../recogniser.ts';
import type { Setting } from '../settings.ts';

const connectionHost = /(?:^|;)\s{0,5}(?:server|host|data source|addr(?:ess)?)\s{0,5}=\s{0,5}(?:tcp:)?([\w.-]{1,200})/i;

/**
 * A fixed address of another machine: the server of a connection string, the `Host` of a broker, or a URL inside of a network.
 * Public addresses are those that all deployments share.
 */
function fixesAddress({ key, text }: Setting): boolean {
  const url = parseAddress(text)?.host;
  if (url !== undefined) return isInternalHost(url);
  const host = /(?:^|:)host(?:name)?$/i.test(key) ? text : connectionHost.exec(text)?.[1];
  return host !== undefined && /^[\w-]+(?:\.[\w-]+){0,10}$/.test(host) && !isLoopback(host) && !/^(?:0\.0\.0\.0|localdb)$/i.test(host);
}

/** `appsettings.Production.json` that ships with the program and holds addresses. */
export const profiles: Recogniser = {
  text: [],
  recognise(view, emit) {
    const production = view.settings.all.filter(({ profile }) => profile !== undefined && purposeOf(`${profile}.json`) === 'production');
    const fixed = production.filter(fixesAddress);
    const [first, second] = fixed;
    if (!first || view.methods.length === 0) return;
    const environments = [...new Set(fixed.map(({ profile }) => profile!))];
    emit('environment-config', first.place, { how: 'settings', environments, ...(second ? { example: second.place } : {}) });
  },
};
