import type { Value } from '../../../facts.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { awsClients, type Client, clients, type EmbeddedStore, embeddedStores } from './databases-clients.ts';
import { addressAmong, alternatives, anchored, given, type Options, option, optionsAmong, textOf } from './databases-options.ts';
import { pathValue } from './file-writes-paths.ts';

const addressOptions = [
  'connectionString',
  'url',
  'uri',
  'connectionUri',
  'endpoint',
  'node',
  'nodes',
  'host',
  'brokers',
  'socket.host',
  'server',
  'contactPoints',
];
const databaseOptions = ['database', 'dbName', 'db', 'keyspace', 'Bucket'];

function emitClient(call: CallSite, client: Client, program: ProgramView, emit: Emit): void {
  const pool = client.pool && (client.pooled ?? client.made).test(call.path) ? client.pool : undefined;
  const choices: (Options | undefined)[] = optionsAmong(call, program);
  for (const options of choices.length > 0 ? choices : [undefined]) {
    const object = options?.object;
    const poolMax = pool && option(object, ...pool.options);
    emit('backing-service', anchored(call, options?.when), {
      technology: client.technology,
      library: call.package ?? '',
      embedded: false,
      ...given({ address: addressAmong(call) ?? option(object, ...addressOptions), database: option(object, ...databaseOptions), poolMax }),
      ...(pool && !poolMax && object?.open !== true ? { defaultPoolMax: pool.size } : {}),
    });
  }
}

/** `:memory:`, or an empty name, which SQLite takes for a temporary database (sqlite.org/inmemorydb.html). */
const isMemoryName = (file: Value): boolean => /^(?::memory:|file::memory:.*|)$/.test(textOf(file) ?? 'file');
/** Addresses of servers: PouchDB and libSQL take both. */
const isRemote = (file: Value): boolean => {
  const first = file.is === 'text' ? file.parts[0] : file;
  return /^(?:https?|libsql|wss?|couchdb):/.test(textOf(first) ?? '') || (first?.is === 'env' && /UR[LI]|COUCH|HOST/.test(first.name));
};

/** `new Database(file, { readonly: true })`, `sqlite3.OPEN_READONLY`, `file:places.db?mode=ro`: data that came with the program. */
const opensForReading = (call: CallSite): boolean =>
  call.args.some((argument) => {
    if (argument.is === 'package') return /(?:^|\.)OPEN_READONLY$/.test(argument.path);
    if (argument.is !== 'object') return /[?&](?:mode=ro|immutable=1)\b/.test(textOf(argument) ?? '');
    const value = option(argument, 'readonly', 'readOnly');
    return value?.is === 'literal' && value.value === true;
  });

function emitEmbedded(call: CallSite, store: EmbeddedStore, program: ProgramView, emit: Emit): void {
  const choices: (Options | undefined)[] = optionsAmong(call, program);
  for (const options of choices.length > 0 ? choices : [undefined]) {
    const object = options?.object;
    const named =
      option(object, ...(store.file ?? [])) ?? (store.file ? undefined : (addressAmong(call) ?? call.args.find(({ is }) => is === 'made')));
    const inMemory = store.memory?.some((name) => {
      const value = option(object, name);
      return value?.is === 'literal' && value.value === true;
    });
    const unread = call.args.length > 0 && !named && !object;
    const files = named ? alternatives(named) : [{ value: undefined, when: [] }];
    for (const { value, when } of files) {
      if (value && isRemote(value)) continue;
      const memory = inMemory || (value ? isMemoryName(value) : store.memoryWithoutFile === true && !unread && !object?.open);
      const file = value ?? (store.fallback ? ({ is: 'literal', value: store.fallback, place: call.namePlace } as const) : undefined);
      emit(
        'backing-service',
        anchored(call, [...(options?.when ?? []), ...when]),
        {
          technology: store.technology,
          library: call.package ?? '',
          embedded: true,
          inMemory: memory,
          ...given({ address: file && pathValue(file, program.root) }),
        },
        unread ? 'likely' : 'certain',
      );
    }
  }
}

/** libSQL speaks to a server or opens a file, by its URL. */
function emitLibsql(program: ProgramView, emit: Emit): void {
  for (const call of program.callsOf('@libsql/client')) {
    if (!/^(?:\w+\.)?createClient$/.test(call.path)) continue;
    for (const { object } of optionsAmong(call, program)) {
      for (const { value, when } of alternatives(option(object, 'url'))) {
        const embedded = /^(?:file:|:memory:)/.test(textOf(value) ?? '');
        const address = embedded ? pathValue(value, program.root) : value;
        emit('backing-service', anchored(call, when), {
          technology: embedded ? 'sqlite' : 'libsql',
          library: '@libsql/client',
          embedded,
          ...(embedded ? { inMemory: isMemoryName(value) } : {}),
          address,
        });
      }
    }
  }
}

/** Clients of databases, caches, brokers and object stores that code makes itself. */
export const databases: Recogniser = {
  id: 'databases',
  packages: [...Object.keys(clients), ...Object.keys(embeddedStores), 'aws-sdk', '@libsql/client'],
  recognise(program, emit) {
    for (const [name, client] of Object.entries(clients))
      for (const call of program.callsOf(name))
        if (client.made.test(call.path) && call.how !== 'decorator') emitClient(call, client, program, emit);
    for (const call of program.callsOf('aws-sdk')) {
      const technology = Object.hasOwn(awsClients, call.path) ? awsClients[call.path] : undefined;
      if (technology) emitClient(call, { technology, made: /./ }, program, emit);
    }
    for (const [name, store] of Object.entries(embeddedStores))
      for (const call of program.callsOf(name))
        if (store.made.test(call.path) && call.how !== 'decorator' && !opensForReading(call)) emitEmbedded(call, store, program, emit);
    emitLibsql(program, emit);
  },
};
