/** Configuration files of HAProxy, by their names. */
import { hasBackend, readHaproxy } from '../../text/proxy/haproxy.ts';
import type { Adapter } from '../../types.ts';
import { isSample } from './names.ts';

const named = /(?:^|\/)[^/]*haproxy[^/]*\.(?:cfg|conf)(?:\.\w+)?$/i;
const mayBe = (path: string): boolean =>
  (/\.cfg(?:\.(?:template|tmpl|tpl|j2|jinja2?|erb|ctmpl|prod|staging))*$/i.test(path) || named.test(path)) && !isSample(path);

export const haproxyAdapter: Adapter = {
  id: 'haproxy',
  needsText: mayBe,
  classify: (path, head) => head !== undefined && mayBe(path) && hasBackend(head),
  extract: readHaproxy,
};
