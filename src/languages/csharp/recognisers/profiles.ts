import { isLoopback, parseAddress } from '../../../text/addresses.ts';
import { purposeOf } from '../../../text/purpose.ts';
import type { Recogniser } from '../recogniser.ts';
import type { Setting } from '../settings.ts';

const connectionHost = /(?:^|;)\s{0,5}(?:server|host|data source|addr(?:ess)?)\s{0,5}=\s{0,5}(?:tcp:)?([\w.-]{1,200})/i;

/** A fixed address of another machine: a URL, the server of a connection string, or the `Host` of a broker. */
function fixesAddress({ key, text }: Setting): boolean {
  if (/schema|namespace|issuer|audience|authority|origin|documentation/i.test(key)) return false;
  const host = /(?:^|:)host(?:name)?$/i.test(key) ? text : (parseAddress(text)?.host ?? connectionHost.exec(text)?.[1]);
  return (
    host !== undefined &&
    /^[a-z][\w.-]*$|^\d{1,3}(?:\.\d{1,3}){3}$/i.test(host) &&
    !isLoopback(host) &&
    !/^(?:0\.0\.0\.0|localdb)$/i.test(host)
  );
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
