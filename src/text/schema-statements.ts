/** Statements of SQL that make or change tables. */

const definition =
  /(?:^|[;\n])\s{0,60}(create\s{1,20}table|alter\s{1,20}table|drop\s{1,20}table|create\s{1,20}(?:unique\s{1,20})?index)\b/i;
const mostRead = 4000;

/** `CREATE TABLE` of a statement, or of the first of several that does so; what it says of data is left out. */
export function schemaStatement(sql: string): string | undefined {
  const found = definition.exec(sql.slice(0, mostRead))?.[1];
  return found?.replace(/\s+/g, ' ').toUpperCase();
}
