/** Configuration files of nginx, by their names and folders. */
import { hasUpstream, readNginx } from '../../text/proxy/nginx.ts';
import type { Adapter } from '../../types.ts';
import { isSample } from './names.ts';

const configFile = /\.(?:conf|vhost|nginx)(?:\.(?:template|tmpl|tpl|j2|jinja2?|erb|ejs|prod|production|dev|staging|local|\d))*$/i;
const nginxFolder = /(?:^|\/)(?:nginx[\w.-]*|sites-(?:available|enabled)|conf\.d)\/(?:[^/]+\/)*[\w-]+$/i;

const mayBe = (path: string): boolean => (configFile.test(path) || nginxFolder.test(path)) && !isSample(path);

export const nginxAdapter: Adapter = {
  id: 'nginx',
  needsText: mayBe,
  classify: (path, head) => head !== undefined && mayBe(path) && hasUpstream(head),
  extract: readNginx,
};
