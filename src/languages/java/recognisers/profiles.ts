import { isLoopback, parseAddress } from '../../../text/addresses.ts';
import { readJdbcUrl } from '../../../text/jdbc-urls.ts';
import { purposeOf } from '../../../text/purpose.ts';
import type { Recogniser } from '../recogniser.ts';
import type { Setting } from '../settings.ts';

/** A fixed address of another machine; a placeholder lets the deployment decide. */
function fixesAddress({ text }: Setting): boolean {
  if (text.includes('${')) return false;
  const jdbc = readJdbcUrl(text);
  const host = jdbc ? jdbc.host : parseAddress(text)?.host;
  return host !== undefined && !jdbc?.embedded && !isLoopback(host);
}

/** Settings of production that ship inside of the artefact and hold addresses. */
export const profiles: Recogniser = {
  text: [],
  recognise(view, emit) {
    const production = view.settings.all.filter(({ profile }) => profile !== undefined && purposeOf(`${profile}.yml`) === 'production');
    const fixed = production.filter(fixesAddress);
    const [first] = fixed;
    if (!first) return;
    const environments = [...new Set(fixed.map(({ profile }) => profile!))];
    emit('environment-config', first.place, { how: 'profile', environments, ...(fixed[1] ? { example: fixed[1].place } : {}) });
  },
};
