import type { Value } from '../../../facts.ts';
import { internalAddress, parseAddress } from '../../../text/addresses.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { type EnvironmentMap, environmentMaps } from './config-environments-syntax.ts';
import { leavesOf } from './config-values.ts';
import { placeAt } from './secrets.ts';

const settingName = /(?:ur[il]|host|endpoint|domain|server|origin|database|db|bucket|queue|topic|connection)s?$/i;
/** Standards and schemas are named by URLs that nobody deploys to. */
const publicDocument = /^https?:\/\/(?:www\.)?(?:w3\.org|json-schema\.org|schema\.org|example\.(?:com|org))/;

/** Addresses and names of resources among the literals of a configuration; a value that a variable can replace is none. */
function findDeployed(value: Value | undefined, depth = 0): readonly Value[] {
  if (!value || depth > 5) return [];
  if (value.is === 'choice') return value.options.flatMap((option) => findDeployed(option.value, depth + 1));
  if (value.is !== 'object') return [];
  return Object.entries(value.properties).flatMap(([name, inner]) => {
    if (inner.is !== 'literal' || typeof inner.value !== 'string') return findDeployed(inner, depth + 1);
    const text = inner.value;
    if (/\$\{|^$/.test(text) || publicDocument.test(text)) return [];
    const isAddress = parseAddress(text) !== undefined || internalAddress(text) !== undefined;
    return isAddress || (settingName.test(name) && /^[\w.-]+\.[a-z]{2,}$/i.test(text)) ? [inner] : [];
  });
}

/** `{ development, production }[process.env.NODE_ENV]`: judged by what production holds. */
function emitMaps(program: ProgramView, emit: Emit): void {
  for (const { path, item } of program.pass<EnvironmentMap>(environmentMaps.id)) {
    const production = program.evaluator.evaluate(item.production, path);
    const [deployed] = findDeployed(production);
    if (!deployed) continue;
    const place = placeAt(path, item.at);
    emit(
      'environment-config',
      { place },
      { how: 'map', environments: item.environments, ...(same(place, deployed) ? {} : { example: deployed.place }) },
    );
  }
}
const same = (place: { path: string; line: number }, value: Value): boolean =>
  value.place.path === place.path && value.place.line === place.line;

const sample = /(?:^|\/)[\w.-]*\.env[\w.-]*(?:example|sample|template|dist)[\w.-]*$|(?:^|\/)(?:example|sample)\.env$/i;
/** The committed sample is loaded when the program runs. */
function emitSamples(program: ProgramView, emit: Emit): void {
  const isLoader = (call: CallSite): boolean =>
    (call.package === 'dotenv' && /config$/.test(call.path)) ||
    (call.name === 'loadEnvFile' && (call.package === '' || call.package === 'process'));
  for (const call of program.calls) {
    if (!isLoader(call)) continue;
    const options = call.args[0];
    const named = options?.is === 'object' ? options.properties['path'] : options;
    const paths = [named, ...(named?.is === 'made' ? named.args : [])].flatMap((value) => leavesOf(value));
    if (paths.some(({ text }) => sample.test(text)))
      emit('environment-config', { ...call, place: call.place }, { how: 'sample', environments: [] });
  }
}

/** Settings files of node-config that ship values of one environment. */
function emitNodeConfig(program: ProgramView, emit: Emit): void {
  if (!program.imports.has('config')) return;
  const base = `${program.root ? `${program.root}/` : ''}config/`;
  for (const environment of ['production', 'staging']) {
    const path = `${base}${environment}.json`;
    const text = program.text(path);
    if (text === undefined || text.length > 200_000) continue;
    const lines = text.split('\n');
    const line = lines.findIndex((each) => {
      const match = /:\s{0,20}"([^"]{4,300})"/.exec(each.slice(0, 2000));
      return match !== null && parseAddress(match[1]!) !== undefined && !match[1]!.includes('${') && !publicDocument.test(match[1]!);
    });
    if (line < 0) continue;
    const place = { path, line: line + 1, column: 1, endLine: line + 1, endColumn: lines[line]!.length + 1 };
    emit('environment-config', { place }, { how: 'file', environments: [environment] });
  }
}

/** Origins that may call the service, written in code. */
function emitOrigins(program: ProgramView, emit: Emit): void {
  for (const call of program.callsOf('cors', '@koa/cors', '@fastify/cors')) {
    const [options] = call.args;
    const origin = options?.is === 'object' ? options.properties['origin'] : undefined;
    const leaves = leavesOf(origin).filter(({ env, replaceable, when }) => env === undefined && !replaceable && when.length === 0);
    const deployed = leaves.find(
      ({ text }) => /^https?:\/\/[\w.-]+\.[a-z]{2,}/i.test(text) && !publicDocument.test(text) && !/localhost/.test(text),
    );
    if (deployed) emit('environment-config', { ...call, place: origin!.place }, { how: 'origins', environments: [] });
  }
}

/** Configuration that belongs to a deployment and is part of the code. */
export const configEnvironments: Recogniser = {
  id: 'config-environments',
  packages: ['config', 'dotenv', 'cors', '@koa/cors', '@fastify/cors'],
  text: [/loadEnvFile/],
  passes: [environmentMaps],
  recognise(program, emit) {
    emitMaps(program, emit);
    emitSamples(program, emit);
    emitNodeConfig(program, emit);
    emitOrigins(program, emit);
  },
};
