/** The programs that one command leads to, each file once. */
import type { Entry } from '../../languages/language.ts';

export class EntryList {
  readonly entries: Entry[] = [];
  /** Those that run in the background of another one. */
  readonly helpers: Entry[] = [];

  /** Of several commands of one file the one in the foreground counts: `manage.py work & manage.py runserver`. */
  add(entry: Entry, background: boolean | undefined): void {
    const known = this.entries.findIndex(({ path }) => path === entry.path);
    const helper = known < 0 ? -1 : this.helpers.indexOf(this.entries[known]!);
    if (known >= 0 && (helper < 0 || background)) return;
    if (known >= 0) {
      this.entries[known] = entry;
      this.helpers.splice(helper, 1);
    } else this.entries.push(entry);
    if (background) this.helpers.push(entry);
  }
}
