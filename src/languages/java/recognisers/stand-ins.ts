/** Classes that stand in only where nothing better is there: `@ConditionalOnMissingBean(DataSource.class)`. */
import type { TypeView } from '../names.ts';
import { annotationOf, type ProgramView } from '../recogniser.ts';
import type { Expression } from '../summary.ts';

/** What the container itself makes where a library is on the class path. */
const madeBy: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^(?:DataSource|JdbcTemplate|JdbcOperations|NamedParameterJdbc\w+|EntityManager\w*)$/,
    /starter-(?:data-)?(?:jpa|jdbc)|spring-(?:orm|jdbc)\b|HikariCP/,
  ],
  [/^(?:Reactive)?(?:String)?Redis\w+$/, /data-redis|redisson/],
  [/^(?:Reactive)?Mongo\w+$/, /data-mongodb|mongodb-driver/],
];

const typesIn = (value: Expression | undefined): readonly string[] =>
  value?.is === 'class'
    ? [value.type.slice(value.type.lastIndexOf('.') + 1)]
    : value?.is === 'list'
      ? value.items.flatMap((item) => typesIn(item))
      : [];

/** What it waits for is there. */
export function stepsAside(view: TypeView, program: ProgramView): boolean {
  const condition = annotationOf(view.type, 'ConditionalOnMissingBean');
  if (!condition) return false;
  const awaited = Object.values(condition.args).flatMap((value) => typesIn(value));
  return awaited.some(
    (name) =>
      madeBy.some(([type, library]) => type.test(name) && program.dependency(library) !== undefined) ||
      program.types.some((one) => one.type !== view.type && gives(one, name) && program.isBean(one)) ||
      program.methods.some(({ method }) => method.returns === name && annotationOf(method, 'Bean') !== undefined),
  );
}
const gives = ({ type }: TypeView, name: string): boolean =>
  type.kind === 'class' && (type.name === name || type.superclass === name || type.interfaces.includes(name));
