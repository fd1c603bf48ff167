/** What calls do to data and people outside of the process. */
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
  /^net\/smtp\.SendMail$|\b(?:gomail|go-mail|mail)\.\w+\.(?:DialAndSend\w*|Send)$|^net\/http\.(?:Client\.)?(?:Post|PostForm)$|\.(?:SendEmail|SendMessage|WriteMessages|PublishWithContext|SendRawEmail|PublishMsg)$|^github\.com\/(?:nats-io\/nats\.Conn|streadway\/amqp\.Channel|rabbitmq\/amqp091-go\.Channel)\.Publish$/;
/** What is deleted twice is gone all the same. */
const deleting = /^\s*(?:delete|vacuum|analyze|optimize|refresh|truncate|pragma|select|set|reindex)\b/i;

const statementOf = ({ args }: CallSite): string | undefined => args.slice(0, 3).map(textOf).find(Boolean);
const isOf = ({ target, name }: CallSite, methods: RegExp): boolean => methods.test(name) && databases.test(target ?? '');

/** Asks a database or another service for something. */
export const readsData = (call: CallSite): boolean =>
  isOf(call, reading) || readingAlone.test(call.name) || requests.test(call.target ?? '');

/** Leaves data elsewhere, or tells somebody something. */
export function changesData(call: CallSite): boolean {
  if (sending.test(call.target ?? '')) return true;
  return (isOf(call, changing) || changingAlone.test(call.name)) && !deleting.test(statementOf(call) ?? '');
}

/** All calls that may happen once one of the functions runs. */
export const callsBy = (program: ProgramView, ids: readonly string[]): readonly CallSite[] =>
  [...program.reached(ids)].flatMap((id) => program.callsWithin(id));
