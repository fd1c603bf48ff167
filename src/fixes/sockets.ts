/** Messages of sockets that reach the clients of all copies. */
import type { Edit } from '../types.ts';
import { type FixMaker, makeFix, serviceOf } from './fix-maker.ts';
import { nodeRedis, redisTitle, type Store, withRedis } from './redis.ts';
import { addProperty, type Call, callAt, insertAt, propertyOf, type Script, scriptOf } from './script-edit.ts';

const socketAdapter: Store = {
  package: { name: '@socket.io/redis-streams-adapter', range: '^0.3.1' },
  imported: { name: 'createAdapter', alias: 'createRedisAdapter' },
  host: { package: 'socket.io', from: 4 },
  client: { of: nodeRedis, from: 4 },
};

/** `adapter: …` in the options of the socket server. */
function setAdapter(script: Script, { arguments: [server, options, more] }: Call, adapter: string): Edit | undefined {
  if (!server || more || server.type === 'ObjectExpression') return undefined;
  if (!options) return insertAt(script, server.end!, `, { adapter: ${adapter} }`);
  return options.type === 'ObjectExpression' && !propertyOf(options, 'adapter')
    ? addProperty(script, options, `adapter: ${adapter}`)
    : undefined;
}

export const websocketWithoutAdapter: FixMaker = {
  rule: 'websocket-without-adapter',
  offers: [
    {
      what: 'carry the messages of socket.io over Redis (@socket.io/redis-streams-adapter), with the dependency and `REDIS_URL` in the manifests',
      safe: false,
    },
  ],
  make(finding, context) {
    const service = serviceOf(finding, context);
    const script = scriptOf(context, finding.place.path);
    const call = script && callAt(script, finding.place);
    if (!service || !script || !call || finding.data['library'] !== 'socket.io') return [];
    const edits = withRedis(script, service, socketAdapter, context, finding.place, (local) => [
      setAdapter(script, call, `${local}(${nodeRedis.name})`),
    ]);
    return makeFix(redisTitle('Carry messages to all copies over Redis', service, context), false, edits);
  },
};
