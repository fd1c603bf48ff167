/** The syntax of unit files: sections, keys, continued lines (systemd.syntax(7)). Nothing is expanded. */
import { LineMap } from '../../text/positions.ts';
import type { NotAssessed, Place, SourceFile } from '../../types.ts';

export interface UnitSetting {
  readonly section: string;
  readonly key: string;
  /** Continued lines are joined, so that it may be shorter than its place. */
  readonly text: string;
  readonly place: Place;
  /** Where each word of the value stands; quotes are left out of its text. */
  readonly words: readonly { readonly text: string; readonly place: Place }[];
}
export interface UnitFile {
  readonly settings: readonly UnitSetting[];
  readonly notAssessed: readonly NotAssessed[];
}

const maxLength = 512 * 1024;
const maxLine = 8192;
const maxSettings = 2000;

const section = /^\[([A-Za-z][\w-]{0,60})\][ \t]*$/;
const setting = /^([A-Za-z][\w-]{0,80})[ \t]*=[ \t]*/;
const word = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|[^\s"']\S*|\S/g;

/** Lines with their offsets. A backslash at the end takes the next line in, past comments; blanks keep the offsets true. */
function* logicalLines(text: string): Generator<{ readonly text: string; readonly start: number }> {
  let open: { text: string; readonly start: number } | undefined;
  let start = 0;
  for (const raw of text.split('\n')) {
    const row = raw.replace(/\r$/, '');
    const isComment = /^[ \t]*[#;]/.test(row);
    const continues = row.endsWith('\\') || (isComment && open !== undefined);
    const kept = isComment ? '' : continues ? row.slice(0, -1) : row;
    if (open || kept !== '')
      open = { text: (open?.text ?? '') + (continues ? kept.padEnd(raw.length + 1) : kept), start: open?.start ?? start };
    if (open && !continues) {
      yield open;
      open = undefined;
    }
    start += raw.length + 1;
  }
  if (open) yield open;
}

export function readUnitFile(file: SourceFile): UnitFile {
  const lines = new LineMap(file.path, file.text);
  const say = (reason: string, message: string, start: number, end: number): NotAssessed => ({
    reason,
    message,
    place: lines.place(start, end),
    failed: true,
  });
  if (file.text.length > maxLength) return { settings: [], notAssessed: [say('too-large', 'The unit file is too long to be read.', 0, 0)] };
  const settings: UnitSetting[] = [];
  let name = '';
  for (const { text, start } of logicalLines(file.text)) {
    const row = text.trimEnd();
    if (row === '') continue;
    const failed = (reason: string, message: string): UnitFile => ({
      settings,
      notAssessed: [say(reason, message, start, start + Math.min(row.length, 200))],
    });
    if (row.length > maxLine) return failed('too-large', 'A line of the unit file is too long to be read.');
    const heading = section.exec(row)?.[1];
    const [assigned, key] = setting.exec(row) ?? [];
    if (heading) name = heading;
    else if (!assigned || key === undefined)
      return failed('syntax-error', 'The unit file has a line that is neither a section nor a setting.');
    else if (settings.length >= maxSettings) return failed('too-large', 'The unit file has too many settings to be read.');
    else {
      const at = start + assigned.length;
      const value = row.slice(assigned.length);
      const words = [...value.matchAll(word)].map((match) => ({
        text: match[1] ?? match[2] ?? match[0],
        place: lines.place(at + match.index, at + match.index + match[0].length),
      }));
      settings.push({ section: name, key, text: value.replace(/\s{2,}/g, ' '), place: lines.place(at, at + value.length), words });
    }
  }
  return { settings, notAssessed: [] };
}
