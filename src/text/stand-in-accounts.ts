/** Accounts that only say what belongs there, and defaults that only developers take. */

/** Variables with which images of databases set the password of a new one: what stands there is the password, whatever it is. */
export const setsUpDatabase = (name: string): boolean =>
  /^(?:(?:MYSQL|MARIADB)_(?:ROOT_)?PASSWORD|POSTGRES(?:QL)?_PASSWORD|MONGO_INITDB_ROOT_PASSWORD|RABBITMQ_DEFAULT_PASS|(?:MSSQL_)?SA_PASSWORD)$/.test(
    name,
  );

/** `username` with `password`, `db_username` with `db_password`: two names, and no account. */
export function isStandInAccount(user: string | undefined, password: string): boolean {
  const before = /^(.{0,40}?)user_?name$/i.exec(user?.trim() ?? '')?.[1];
  const own = /^(.{0,40}?)passw(?:or)?d$/i.exec(password.trim())?.[1];
  return before !== undefined && before.toLowerCase() === own?.toLowerCase();
}

const endings = ['USERNAME', 'USER', 'USER_NAME', 'LOGIN', 'username', 'user', 'user-name', 'login'];
/** `APP_PASSWORD=password` where `APP_USERNAME=username` stands beside it. */
export function hasStandInAccount(name: string, value: string, beside: (name: string) => string | undefined): boolean {
  const stem = /^(.{0,100}?)(?:PASS(?:W(?:OR)?D)?|PWD)$/i.exec(name)?.[1];
  return stem !== undefined && !setsUpDatabase(name) && endings.some((ending) => isStandInAccount(beside(`${stem}${ending}`), value));
}

/** `shop_dev_password`: whoever wrote it meant the machine of a developer. */
export const saysDevelopment = (value: string): boolean => /(?:^|[_.-])dev(?:elopment)?(?:$|[_.-])/i.test(value);
