import type { Place } from '../../../types.ts';
import { refersTo, type TypeView } from '../names.ts';
import { placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { inFiles } from '../views.ts';

const remoteTypes: readonly (readonly [string, string])[] = [
  ['java.rmi.Remote', 'RMI'],
  ['java.rmi.server.UnicastRemoteObject', 'RMI'],
  ['jakarta.ejb.EJBObject', 'remote EJB'],
  ['jakarta.ejb.EJBHome', 'remote EJB'],
];
/** Imports that nothing else needs. */
const remoteImports: readonly (readonly [RegExp, string])[] = [
  // Constants, exceptions and helpers are what an editor imports by mistake.
  [/^java\.rmi\.(?:registry\.|Naming$|server\.(?!(?:UID|ObjID|Operation|LogStream|LoaderHandler|RMIClassLoader)\b|\w+Exception$))/, 'RMI'],
  // Most other names of CORBA are common words (`Request`, `Object`, `Any`), which editors import by mistake.
  [/^org\.omg\.(?:(?:CosNaming|PortableServer)\b|CORBA(?:\.(?:\*|ORB|portable\b.*))?$)/, 'CORBA'],
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

interface Use {
  readonly place: Place;
  readonly protocol: string;
  readonly library: string;
}
const ofType = ({ path, file, type }: TypeView): readonly Use[] => {
  const library = `\`${type.name}\``;
  const remote = type.annotations.find(({ name }) => refersTo(file, name, 'jakarta.ejb.Remote'));
  const parent = [type.superclass ?? '', ...type.interfaces].flatMap((name) => remoteTypes.filter(([one]) => refersTo(file, name, one)))[0];
  return [
    ...(remote ? [{ place: placeAt(path, remote.at), protocol: 'remote EJB', library }] : []),
    ...(parent ? [{ place: placeAt(path, type.at), protocol: parent[1], library }] : []),
  ];
};
const ofImports = ({ path, file }: TypeView): readonly Use[] =>
  file.imports.flatMap(({ name, at }) => {
    const protocol = remoteImports.find(([pattern]) => pattern.test(name))?.[1];
    return protocol === undefined ? [] : [{ place: placeAt(path, at), protocol, library: `\`${name}\`` }];
  });
const declared = inFiles(({ types }) => types.flatMap((type, index) => [...ofType(type), ...(index === 0 ? ofImports(type) : [])]));

const leadingText = (argument: Expression): string | undefined => {
  const first = argument.is === 'sum' ? argument.parts[0] : argument;
  return first?.is === 'text' ? first.value : undefined;
};
const protocolOf = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  const scheme = /^([a-z][a-z0-9+-]*):\/\//.exec(text)?.[1];
  if (text.startsWith('ejb:')) return 'remote EJB';
  return scheme !== undefined && Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
};
/** A plain name can only be a constant of its own type when that inherits nothing and the file imports no members. */
const mayBeText = (argument: Expression, { type, file, path }: TypeView): boolean =>
  argument.is === 'sum' ||
  (argument.is === 'name' &&
    (argument.path.length > 1 ||
      type.superclass !== undefined ||
      path.endsWith('.kt') ||
      file.imports.some(({ isStatic }) => isStatic) ||
      type.fields.some(({ name }) => name === argument.path[0])));
/** Questions about a text: whoever looks for `rmi:` in it keeps it out. */
const asksOrTells =
  /^(?:contains|startsWith|endsWith|equals|indexOf|lastIndexOf|matches|split|replace|remove|strip|hasPrefix|trace|debug|info|warn|error|println)(?:[A-Z]\w*)?$/;
/** Arguments that begin with a protocol, and those of which only the program knows what they are. */
const addressed = inFiles(({ calls }) =>
  calls.flatMap((call) => {
    if (asksOrTells.test(call.call.name)) return [];
    return call.call.args.flatMap((argument) => {
      const text = leadingText(argument);
      const isWanted = text === undefined ? mayBeText(argument, call) : protocolOf(text) !== undefined;
      return isWanted ? [{ call, argument }] : [];
    });
  }),
);

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
    for (const { place, protocol, library } of declared(view)) emit('remote-protocol', place, { protocol, library });
    for (const { call, argument } of addressed(view)) {
      const protocol = protocolOf(leadingText(argument) ?? view.names.text(argument, call));
      if (protocol !== undefined) emit('remote-protocol', placeAt(call.path, argument.at), { protocol, library: `\`${call.call.name}\`` });
    }
  },
};
