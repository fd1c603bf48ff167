/** Places in the HTML report, as links that open them in the editor. */

export const openPlaceCommand = 'cloudworthy.openPlace';
/** What the report is told that sources are at: a name that stands for no machine (RFC 6761). */
export const placeLink = 'https://place.cloudworthy.invalid/{path}#L{line}';

const link = /href="https:\/\/place\.cloudworthy\.invalid\/([^"#]*)#L(\d{1,9})"/g;

/** A path that stays below its root. */
export function isBelow(path: string): boolean {
  const parts = path.split(/[/\\]/);
  return path !== '' && !/^[/\\]|^[a-z]:/i.test(path) && !path.includes('\0') && !parts.includes('..');
}

const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** Links to places become commands; what names no place below the root is no link. */
export const linkPlaces = (page: string, root: string): string =>
  page.replace(link, (_, encoded: string, line: string) => {
    const path = decode(encoded);
    if (path === undefined || !isBelow(path)) return 'href="#"';
    const words = encodeURIComponent(JSON.stringify([root, path, Number(line)])).replaceAll("'", '%27');
    return `href="command:${openPlaceCommand}?${words}"`;
  });
