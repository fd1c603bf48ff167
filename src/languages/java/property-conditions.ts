/** Beans that a setting switches on: `@ConditionalOnProperty` of Spring Boot, `@Requires` of Micronaut, `@IfBuildProperty` of Quarkus. */
import type { Condition, Value } from '../../facts.ts';
import { variableOfKey } from '../../text/placeholders.ts';
import type { ProgramView } from './recogniser.ts';
import type { Annotation, Expression } from './summary.ts';

/** What an annotation asks of one setting. */
interface Asked {
  readonly key: string;
  /** The text that it must have; without one, any but `false`. */
  readonly having?: string;
  readonly negated?: boolean;
  readonly ifMissing: boolean;
}

const textOf = (value: Expression | undefined): string | undefined =>
  value?.is === 'text' ? value.value : value?.is === 'flag' || value?.is === 'number' ? String(value.value) : undefined;
const textsOf = (value: Expression | undefined): readonly string[] =>
  (value?.is === 'list' ? value.items : [value]).flatMap((item) => textOf(item) ?? []);
const isTrue = (value: Expression | undefined): boolean => value?.is === 'flag' && value.value;

/** Spring Boot: "the property must be present and not equal to false" unless `havingValue` says otherwise. */
function askedBySpring({ args }: Annotation): readonly Asked[] {
  const prefix = textOf(args.prefix)?.replace(/\.$/, '');
  const having = textOf(args.havingValue);
  return textsOf(args.name ?? args.value).map((name) => ({
    key: prefix ? `${prefix}.${name}` : name,
    ...(having ? { having } : {}),
    ifMissing: isTrue(args.matchIfMissing),
  }));
}

/** Micronaut: `@Requires(property = "…", value = "…")`; a default value stands in for a missing one. */
function askedByMicronaut({ args }: Annotation): readonly Asked[] {
  const key = textOf(args.property);
  const unwanted = textOf(args.notEquals);
  const having = unwanted ?? textOf(args.value);
  if (key === undefined) return [];
  const instead = textOf(args.defaultValue);
  const ifMissing = instead === undefined ? unwanted !== undefined : (instead === having) === (unwanted === undefined);
  return [{ key, ...(having === undefined ? {} : { having }), ...(unwanted === undefined ? {} : { negated: true }), ifMissing }];
}

/** Quarkus: `@IfBuildProperty(name = "…", stringValue = "…")` and its opposite. */
const askedByQuarkus =
  (negated: boolean) =>
  ({ args }: Annotation): readonly Asked[] => {
    const key = textOf(args.name);
    const having = textOf(args.stringValue);
    if (key === undefined || having === undefined) return [];
    return [{ key, having, ...(negated ? { negated } : {}), ifMissing: isTrue(args.enableIfMissing ?? args.lookupIfMissing) }];
  };

const readers: readonly { readonly names: readonly string[]; readonly read: (annotation: Annotation) => readonly Asked[] }[] = [
  { names: ['org.springframework.boot.autoconfigure.condition.ConditionalOnProperty'], read: askedBySpring },
  { names: ['io.micronaut.context.annotation.Requires'], read: askedByMicronaut },
  { names: ['io.quarkus.arc.properties.IfBuildProperty', 'io.quarkus.arc.lookup.LookupIfProperty'], read: askedByQuarkus(false) },
  { names: ['io.quarkus.arc.properties.UnlessBuildProperty', 'io.quarkus.arc.lookup.LookupUnlessProperty'], read: askedByQuarkus(true) },
];

/** The variable that decides a setting, and its text where nothing gives the variable. */
function decider(value: Value): { readonly env?: string; readonly text: string } | undefined {
  if (value.is === 'literal') return { text: String(value.value) };
  if (value.is !== 'env') return undefined;
  if (!value.fallback) return { env: value.name, text: '' };
  const inner = decider(value.fallback);
  return inner && { env: inner.env ?? value.name, text: inner.text };
}

/** A switch is set to `true`; any other setting is there or not. */
const isSwitch = /(?:^|[.-])(?:enabled?|active|activated|on)$/;

function conditionFor(
  { key, having, negated = false, ifMissing }: Asked,
  { settings, hasOtherSettings }: ProgramView,
): readonly Condition[] {
  const [setting, ...others] = settings.of(key);
  // Another profile may say something else, and so may a server of settings.
  if (others.some(({ text }) => text !== setting!.text) || (!setting && (hasOtherSettings || settings.all.length === 0))) return [];
  const said = setting ? decider(settings.value(setting)) : { env: variableOfKey(key), text: undefined };
  if (!said) return [];
  const { env = variableOfKey(key), text } = said;
  if (having !== undefined) {
    const opposite = having.toLowerCase() === 'false' ? 'true' : '';
    const missing = ifMissing === negated ? opposite : having;
    return [{ env, test: negated ? 'differs' : 'equals', value: having, otherwise: { value: text ?? missing } }];
  }
  if (text === undefined && !ifMissing && !isSwitch.test(key)) return [{ env, test: 'set', otherwise: { value: '' } }];
  const isOff = text === undefined ? !ifMissing : text === 'false';
  return [
    isOff
      ? { env, test: 'equals', value: 'true', otherwise: { value: 'false' } }
      : { env, test: 'differs', value: 'false', otherwise: { value: text ?? 'true' } },
  ];
}

/** Under which settings the annotated class or method is used; empty where it asks for none, or where that can't be said. */
export function conditionsOfProperties(
  annotation: Annotation,
  isOneOf: (...names: readonly string[]) => boolean,
  view: ProgramView,
): readonly Condition[] {
  const reader = readers.find(({ names }) => isOneOf(...names));
  return reader ? reader.read(annotation).flatMap((asked) => conditionFor(asked, view)) : [];
}
