/** application.conf of Ktor, Play and Akka → a `settings` fact; passwords in it → `secret` facts. */
import { readHocon } from '../../text/hocon-document.ts';
import { purposeOf } from '../../text/purpose.ts';
import type { Adapter } from '../../types.ts';
import { documentFacts } from './index.ts';

const settingsFile = /(?:^|\/)(?:(?:src\/(?:main|jvmMain)\/)?resources|conf)\/application(?:[.-]([\w-]{1,50}))?\.conf$/;

export const hoconAdapter: Adapter = {
  id: 'hocon',
  classify: (path) => settingsFile.test(path) && !/(?:^|\/)(?:src\/\w*[tT]est\w*|tests?|target|build|out|bin)\//.test(path),
  extract(file) {
    const profile = settingsFile.exec(file.path)?.[1];
    const isOther = profile !== undefined && ['development', 'test'].includes(purposeOf(`${profile}.yml`));
    const document = { name: 'application', profile: isOther ? profile : undefined, isSpring: false, replaced: new Set<string>() };
    return { facts: documentFacts(document, readHocon(file)), notAssessed: [] };
  },
};
