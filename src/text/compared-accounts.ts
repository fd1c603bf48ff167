/** Sign-ins that compare with an account that code writes down: `user == "admin" and password == "…"`. */
const nameOfUser = /^(?:u|user|account|admin|login)?_?(?:name|user|id|login|account|email|mail)$|^admin$/i;
const nameOfPassword = /^(?:\w{0,12}_)?(?:u|user|admin|login)?(?:pass(?:word|wd|code)?|pwd|psw|pswd)$/i;

export interface Compared<T> {
  /** The name of what is compared. */
  readonly subject: string;
  readonly line: number;
  readonly literal: T;
}

/** The passwords among what is compared: the name of a user stands beside them. */
export function comparedPasswords<T>(compared: readonly Compared<T>[]): readonly T[] {
  const isPassword = ({ subject }: Compared<T>): boolean => nameOfPassword.test(subject);
  const users = compared.filter((one) => nameOfUser.test(one.subject) && !isPassword(one));
  return compared
    .filter((one) => isPassword(one) && users.some(({ line }) => Math.abs(line - one.line) <= 1))
    .map(({ literal }) => literal);
}
