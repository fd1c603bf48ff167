import type { FactValues, Value } from '../../../facts.ts';
import { isTested } from '../options.ts';
import { alternativesOf, type ProgramView, textOf } from '../recogniser.ts';

type Pool = Pick<FactValues['backing-service'], 'poolMax' | 'defaultPoolMax'>;

/** The greatest number of connections that pools of `database/sql` and what wraps it may open; where one line sets it. */
function ofStandard(program: ProgramView): Value | undefined {
  const all = program.calls.filter(
    ({ name, target, written }) =>
      name === 'SetMaxOpenConns' && /(?:^|[./])(?:sql|sqlx|xorm|bun)\.(?:DB|Engine)\./.test(target ?? '') && !isTested(written.when),
  );
  return all.length === 1 ? all[0]!.args[0] : undefined;
}

/** `config.MaxConns = 20`, or `pool_max_conns=20` in the address. */
function ofPgx(program: ProgramView): Value | undefined {
  const set = program.evaluator.index.fields('MaxConns').filter(({ own }) => own.how === 'set');
  const [only, ...others] = set;
  if (only) return others.length === 0 ? program.evaluator.value(only.own.value, only.path, only.own.within) : undefined;
  const written = program.calls
    .filter(({ target }) => /pgxpool\.(?:New|Connect|ParseConfig)$/.test(target ?? ''))
    .flatMap(({ args }) => args.flatMap((argument) => alternativesOf(argument)))
    .flatMap(({ value }) => {
      const size = /pool_max_conns=(\d{1,5})/.exec(textOf(value) ?? '')?.[1];
      return size === undefined ? [] : [{ is: 'literal', value: Number(size), place: value.place } as const];
    });
  return written.length === 1 ? written[0] : undefined;
}

/** How many connections one copy may open, by the library that opens them. */
export function readPools(program: ProgramView): (library: string) => Pool {
  const standard = ofStandard(program);
  const pgx = ofPgx(program);
  const setsPgx = program.evaluator.index.fields('MaxConns').length > 0;
  return (library) => {
    if (library === 'pgxpool') return pgx ? { poolMax: pgx } : setsPgx ? {} : { defaultPoolMax: 4 };
    return standard && /^(?:database\/sql|sqlx|gorm|xorm|ent)$/.test(library) ? { poolMax: standard } : {};
  };
}
