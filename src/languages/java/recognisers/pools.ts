/** How many connections the pool of a datasource opens at most: its setting, a call in code, else the default of the pool. */
import type { Value } from '../../../facts.ts';
import { variableOfKey } from '../../../text/placeholders.ts';
import type { Place } from '../../../types.ts';
import { refersTo } from '../names.ts';
import { type ProgramView, placeAt } from '../recogniser.ts';
import type { Setting } from '../settings.ts';

interface Pool {
  /** Its setting, below the prefix of the datasource. */
  readonly key: string;
  /** As its documentation says. */
  readonly usual: number;
}
const hikari: Pool = { key: 'hikari.maximum-pool-size', usual: 10 };
const dbcp2: Pool = { key: 'dbcp2.max-total', usual: 8 };
const tomcat: Pool = { key: 'tomcat.max-active', usual: 100 };
const druid: Pool = { key: 'druid.max-active', usual: 8 };
const reactive: Pool = { key: 'pool.max-size', usual: 10 };

/** The pool of Spring Boot: what `type` names, what a starter brings, else Hikari; before Boot 2 that of Tomcat. */
function poolOf(prefix: string, { settings, boot, dependency }: ProgramView): Pool {
  if (prefix.endsWith('r2dbc')) return reactive;
  const type = settings.text(`${prefix}.type`) ?? '';
  if (/dbcp2/i.test(type)) return dbcp2;
  if (/tomcat/i.test(type)) return tomcat;
  if (/druid/i.test(type) || dependency(/:druid-spring-boot(?:-\d)?-starter$/)) return druid;
  return typeof boot === 'object' && boot.major < 2 && !dependency(/:HikariCP/) ? tomcat : hikari;
}

/** Both forms that Boot reads: without dashes, and with `_` for them. */
function variables(key: string, fallback: Value, place: Place): Value {
  const name = variableOfKey(key);
  const other = key.replace(/[.-]/g, '_').toUpperCase();
  const inner: Value = other === name ? fallback : { is: 'env', name: other, fallback, place };
  return { is: 'env', name, fallback: inner, place };
}

const asNumber = (value: Value): Value => {
  if (value.is === 'literal' && /^\d{1,6}$/.test(String(value.value))) return { ...value, value: Number(value.value) };
  return value.is === 'env' && value.fallback ? { ...value, fallback: asNumber(value.fallback) } : value;
};

const setters = ['setMaximumPoolSize', 'setMaxTotal', 'setMaxActive'];
const poolTypes = [
  'com.zaxxer.hikari.HikariConfig',
  'com.zaxxer.hikari.HikariDataSource',
  'org.apache.commons.dbcp2.BasicDataSource',
  'org.apache.tomcat.jdbc.pool.DataSource',
  'com.alibaba.druid.pool.DruidDataSource',
];
/** Code that sets a size decides; which of several pools it means cannot be told. */
function sizeInCode(view: ProgramView): Value | undefined {
  const calls = view.callsNamed(...setters).filter((call) => {
    const type = view.names.typeOf(call.call.on, call);
    return type !== undefined && refersTo(call.file, type, ...poolTypes);
  });
  const [first] = calls;
  if (!first) return undefined;
  const place = placeAt(first.path, first.call.at);
  const [size] = first.call.args;
  return calls.length === 1 && size?.is === 'number' ? { is: 'literal', value: size.value, place } : { is: 'unknown', place };
}

/** Sizes of named pools stand below their own prefix, with or without the pool's name in between. */
function settingsOf(prefix: string, pool: Pool, { settings }: ProgramView): readonly Setting[] {
  const last = pool.key.slice(pool.key.indexOf('.') + 1);
  return [`${prefix}.${pool.key}`, `${prefix}.configuration.${last}`, `${prefix}.${last}`].flatMap((key) => settings.of(key));
}

/** The greatest size of the pool behind the URL of this setting; `undefined` for programs whose pool is not known. */
export function poolMaxOf(url: Setting, view: ProgramView): Value | undefined {
  const prefix = url.key.replace(/\.(?:[\w-]*url)$/, '');
  const quarkus = view.settings.of('quarkus.datasource.jdbc.max-size')[0];
  if (prefix.startsWith('quarkus.')) return quarkus && asNumber(view.settings.value(quarkus));
  if (!view.boot) return undefined;
  const inCode = prefix.endsWith('r2dbc') ? undefined : sizeInCode(view);
  if (inCode) return inCode;
  const pool = poolOf(prefix, view);
  const found = settingsOf(prefix, pool, view);
  const main = found.find(({ profile }) => profile === url.profile) ?? found.find(({ profile }) => profile === undefined);
  if (!main && (found.length > 0 || view.hasOtherSettings)) return { is: 'unknown', place: url.place };
  const place = main?.place ?? url.place;
  const written: Value = main ? asNumber(view.settings.written(main)) : { is: 'literal', value: pool.usual, place };
  return variables(main?.key ?? `${prefix}.${pool.key}`, written, place);
}
