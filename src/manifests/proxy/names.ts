/** A file that documents how one could write it. */
export const isSample = (path: string): boolean =>
  /(?:^|[./_-])(?:sample|example|dist|bak|backup|orig|old|default)(?:$|[.])/i.test(path.slice(path.lastIndexOf('/') + 1));
