/** What calls do to data and people outside of the process. */
import { functionsOf } from '../call-graph.ts';
import { type CallSite, type ProgramView, textOf } from '../recogniser.ts';

/** Clients of databases; those that are built step by step are named by their first type. */
const databases =
  /^(?:database\/sql\.(?:DB|Tx|Conn|Stmt)|sqlx\.(?:DB|Tx|NamedStmt)|gorm\.(?:DB|G)|mongo\.(?:Collection|Database)|xorm\.io\/xorm\.\w+|github\.com\/(?:jackc\/pgx|jackc\/pgx\/pgxpool|uptrace\/bun|go-pg\/pg|gocql\/gocql|Masterminds\/squirrel|upper\/db)\.\w+|entgo\.io\/ent\/dialect\/sql\/sqlgraph|redis\.\w+)\b/;
const reading =
  /^(?:Query\w*|Select\w*|Get\w*|First|Find\w*|Take|Last|Scan\w*|Pluck|Count|Aggregate|Distinct|One|All|HGet\w*|LRange|QueryNodes)$/;
const changing =
  /^(?:(?:Must|Named)?Exec(?:Context)?|Create\w*|Save|Updates?|UpdateColumns?|Insert\w*|Update(?:One|Many|ByID|Node|Nodes)|ReplaceOne|FindOneAnd(?:Update|Replace)|BulkWrite|BatchCreate|CreateNode|FirstOrCreate)$/;
/** Names by which statements run on connections, whoever wraps them. */
const readingAlone = /^(?:QueryContext|QueryRowContext|QueryxContext|SelectContext|GetContext)$/;
const changingAlone = /^(?:ExecContext|NamedExec|NamedExecContext|MustExec|MustExecContext)$/;
const requests = /^net\/http\.(?:Client\.)?(?:Get|Post|PostForm|Do|Head)$|^github\.com\/go-resty\/resty\./;
/** Mail, messages, and requests that change something. */
const sending =
  /^net\/smtp\.SendMail$|\b(?:gomail|go-mail|mail)\.\w+\.(?:DialAndSend\w*|Send)$|^net\/http\.(?:Client\.)?(?:Post|PostForm)$|\.(?:SendEmail|SendMessage|WriteMessages|PublishWithContext|SendRawEmail|PublishMsg)$|^github\.com\/(?:mailgun\/mailgun-go|xhit\/go-simple-mail|sendgrid\/sendgrid-go|wneessen\/go-mail|jordan-wright\/email|resend\/resend-go)\b\S*\.Send\w*$|^github\.com\/(?:nats-io\/nats\.Conn|streadway\/amqp\.Channel|rabbitmq\/amqp091-go\.Channel)\.Publish$/;
/** What is deleted twice is gone all the same. */
const deleting = /^\s*(?:delete|vacuum|analyze|optimize|refresh|truncate|pragma|select|set|reindex)\b/i;

/** `db.NewDelete().Model(…).Exec(ctx)` of bun and others that build statements step by step. */
const deletingSteps = /\.(?:New)?Delete(?:From)?(?:\(\))?\./;

const statementOf = ({ args }: CallSite): string | undefined => args.slice(0, 3).map(textOf).find(Boolean);
const isOf = ({ target, name }: CallSite, methods: RegExp): boolean => methods.test(name) && databases.test(target ?? '');

/** Asks a database or another service for something. */
export const readsData = (call: CallSite): boolean =>
  isOf(call, reading) || readingAlone.test(call.name) || requests.test(call.target ?? '');

export const sendsSomething = ({ target }: CallSite): boolean => sending.test(target ?? '');
/** Leaves data elsewhere, or tells somebody something. */
export function changesData(call: CallSite): boolean {
  if (sendsSomething(call)) return true;
  return (
    (isOf(call, changing) || changingAlone.test(call.name)) &&
    !deleting.test(statementOf(call) ?? '') &&
    !deletingSteps.test(call.target ?? '')
  );
}

/** What functions do themselves, and by what they call. */
class Effects {
  readonly #own = new Map<string, Set<Effect>>();
  readonly #reached = new Map<string, ReadonlySet<Effect>>();
  constructor(readonly program: ProgramView) {
    for (const call of program.calls) {
      if (call.within === undefined) continue;
      const found = effectsOf(call);
      if (found.length > 0) this.#own.set(call.within, new Set([...(this.#own.get(call.within) ?? []), ...found]));
    }
  }
  /** Nothing is said of functions that may lead anywhere. */
  of(id: string): ReadonlySet<Effect> {
    const known = this.#reached.get(id);
    if (known) return known;
    const all = this.program.reached([id]);
    const found = new Set(all.size > mostReached ? [] : [...all].flatMap((one) => [...(this.#own.get(one) ?? [])]));
    this.#reached.set(id, found);
    return found;
  }
}
const mostReached = 3000;
export type Effect = 'reads' | 'changes' | 'sends';
const effectsOf = (call: CallSite): readonly Effect[] => [
  ...(readsData(call) ? (['reads'] as const) : []),
  ...(changesData(call) ? (['changes'] as const) : []),
  ...(sendsSomething(call) ? (['sends'] as const) : []),
];

const known = new WeakMap<ProgramView, Effects>();
/** What a call does, or the function that it calls. */
export function effectsBy(program: ProgramView, call: CallSite): ReadonlySet<Effect> {
  const effects = known.get(program) ?? new Effects(program);
  known.set(program, effects);
  return new Set([...effectsOf(call), ...functionsOf(call.callee).flatMap((id) => [...effects.of(id)])]);
}

/** All calls that may happen once one of the functions runs, unless that may be anything. */
export function callsBy(program: ProgramView, ids: readonly string[]): readonly CallSite[] {
  const all = program.reached(ids);
  return all.size > mostReached ? [] : [...all].flatMap((id) => program.callsWithin(id));
}
