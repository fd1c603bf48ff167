import { placeholdersOf } from '../../../text/placeholders.ts';
import type { Place } from '../../../types.ts';
import { refersTo } from '../names.ts';
import { type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import { inFiles } from '../views.ts';

const libraries =
  /^io\.pivotal\.cfenv:java-cfenv|^org\.springframework\.(?:boot:spring-boot-starter-cloud-connectors|cloud:spring-cloud-(?:spring-service|cloudfoundry)-connector)$|^io\.pivotal\.spring\.cloud:spring-cloud-services-/;
/** They put what is bound over the settings of Spring, without a line of code. */
const automatic = /^io\.pivotal\.cfenv:java-cfenv-(?:boot|all)|^org\.springframework\.boot:spring-boot-starter-cloud-connectors$/;
const types = [
  'io.pivotal.cfenv.core.CfEnv',
  'io.pivotal.cfenv.jdbc.CfJdbcEnv',
  'org.springframework.cloud.CloudFactory',
  'org.springframework.cloud.config.java.AbstractCloudConfig',
];

/** Configuration classes of Spring Cloud Connectors: they make clients of the services that are bound. */
const scans = inFiles((declared) =>
  declared.types.flatMap(({ path, file, type }): readonly Place[] => {
    const scan = type.annotations.find(({ name }) => refersTo(file, name, 'org.springframework.cloud.config.java.ServiceScan'));
    const inherits = type.superclass !== undefined && refersTo(file, type.superclass, types[3]!);
    return scan ? [placeAt(path, scan.at)] : inherits ? [placeAt(path, type.at)] : [];
  }),
);

/** Settings of these services are what holds where nothing is bound. */
const boundKeys = /^spring\.(?:datasource|r2dbc|redis|data|rabbitmq|mongodb|cassandra|kafka|cloud\.config)\./;
export const isBoundSetting = (key: string, view: ProgramView): boolean =>
  boundKeys.test(key) && (view.dependency(automatic) !== undefined || scans(view).length > 0);

const importers = inFiles(({ path, file, types: own }) =>
  own.length > 0 && file.imports.some(({ name }) => types.includes(name)) ? [path] : [],
);
const clients = inFiles(({ path, file, methods }) =>
  methods.flatMap(({ method }) =>
    method.creations.flatMap(({ type, at }) => (refersTo(file, type, ...types.slice(0, 3)) ? [placeAt(path, at)] : [])),
  ),
);

/** Files that ask the platform for what is bound: an address beside that is their fallback. */
export const filesThatAskPlatform = (view: ProgramView): ReadonlySet<string> =>
  new Set([
    ...view.callsNamed('getenv').flatMap((call) => (view.names.text(call.call.args[0], call) === 'VCAP_SERVICES' ? [call.path] : [])),
    ...importers(view),
  ]);

/** Services that the platform binds: Cloud Foundry gives their addresses and credentials in `VCAP_SERVICES`. */
export const boundServices: Recogniser = {
  text: ['VCAP_SERVICES', 'io.pivotal.cfenv', 'org.springframework.cloud.config.java', 'org.springframework.cloud.CloudFactory'],
  recognise(view, emit) {
    const library = view.dependency(libraries);
    const settings = view.settings.all.flatMap(({ text, place }) =>
      text.includes('${vcap.') && placeholdersOf(text).some(({ key }) => key.startsWith('vcap.services.')) ? [place] : [],
    );
    for (const place of [...scans(view), ...clients(view), ...settings, ...(library ? [library.place] : [])])
      emit('env-read', place, { name: 'VCAP_SERVICES', hasDefault: false, optional: true });
  },
};
