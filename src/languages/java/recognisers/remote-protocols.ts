import { refersTo } from '../names.ts';
import { placeAt, type Recogniser } from '../recogniser.ts';

const remoteTypes: readonly (readonly [string, string])[] = [
  ['java.rmi.Remote', 'RMI'],
  ['java.rmi.server.UnicastRemoteObject', 'RMI'],
  ['jakarta.ejb.EJBObject', 'remote EJB'],
  ['jakarta.ejb.EJBHome', 'remote EJB'],
];
/** Imports that nothing else needs. */
const remoteImports: readonly (readonly [RegExp, string])[] = [
  [/^java\.rmi\.(?:registry\.|Naming$|server\.)/, 'RMI'],
  [/^org\.omg\.(?:CORBA|CosNaming|PortableServer)\b/, 'CORBA'],
  [/^javax\.xml\.rpc\./, 'JAX-RPC'],
  [/^org\.springframework\.remoting\.(?:rmi|httpinvoker|caucho)\./, 'Spring Remoting'],
  [/^com\.caucho\.hessian\./, 'Hessian'],
];
const schemes: Readonly<Record<string, string>> = {
  t3: 'T3',
  t3s: 'T3',
  iiop: 'IIOP',
  corbaname: 'CORBA',
  corbaloc: 'CORBA',
  rmi: 'RMI',
  jnp: 'JNP',
  remote: 'JBoss Remoting',
  'http-remoting': 'JBoss Remoting',
  'remote+http': 'JBoss Remoting',
};

/** Calls that only work between Java programs that know each other: RMI, CORBA, remote EJBs, T3. */
export const remoteProtocols: Recogniser = {
  text: [
    'java.rmi',
    'org.omg.',
    'javax.xml.rpc',
    '@Remote',
    'ejb:/',
    't3://',
    't3s://',
    'iiop://',
    'rmi://',
    'jnp://',
    'remoting://',
    'remote+http',
    'springframework.remoting',
    'com.caucho.hessian',
    'ServerSocket',
  ],
  recognise(view, emit) {
    const paths = new Set<string>();
    for (const { path, file, type } of view.types) {
      const remote = type.annotations.find(({ name }) => refersTo(file, name, 'jakarta.ejb.Remote'));
      if (remote) emit('remote-protocol', placeAt(path, remote.at), { protocol: 'remote EJB', library: `\`${type.name}\`` });
      const parent = [type.superclass ?? '', ...type.interfaces].flatMap((name) =>
        remoteTypes.filter(([one]) => refersTo(file, name, one)),
      )[0];
      if (parent) emit('remote-protocol', placeAt(path, type.at), { protocol: parent[1], library: `\`${type.name}\`` });
      if (paths.has(path)) continue;
      paths.add(path);
      for (const { name, at } of file.imports) {
        const protocol = remoteImports.find(([pattern]) => pattern.test(name))?.[1];
        if (protocol) emit('remote-protocol', placeAt(path, at), { protocol, library: `\`${name}\`` });
      }
    }
    for (const call of view.calls) {
      for (const argument of call.call.args) {
        const text =
          argument.is === 'text'
            ? argument.value
            : argument.is === 'sum' && argument.parts[0]?.is === 'text'
              ? argument.parts[0].value
              : view.names.text(argument, call);
        const scheme = text === undefined ? undefined : /^([a-z][a-z0-9+-]*):\/\//.exec(text)?.[1];
        const protocol = text?.startsWith('ejb:')
          ? 'remote EJB'
          : scheme !== undefined && Object.hasOwn(schemes, scheme)
            ? schemes[scheme]
            : undefined;
        if (protocol) emit('remote-protocol', placeAt(call.path, argument.at), { protocol, library: `\`${call.call.name}\`` });
      }
    }
  },
};
