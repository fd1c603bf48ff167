/** What the page can do with JavaScript on. Without it everything is there to be read. */
import type { Island } from '../island.ts';
import { startCopying } from './copy.ts';
import { startFilters } from './filters.ts';
import { followHash, markChapter } from './follow.ts';
import { startMap } from './map.ts';
import { openForPrint } from './print.ts';
import { startTheme } from './theme.ts';

const island: Island = JSON.parse(document.getElementById('data')!.textContent!);
const store = openStore();

startTheme(store);
startFilters(island);
startCopying(island.strings, store);
startMap();
followHash();
markChapter();
openForPrint();

/** Some browsers refuse storage to files. */
function openStore(): Pick<Storage, 'getItem' | 'setItem'> {
  try {
    localStorage.getItem('cloudworthy');
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => {} };
  }
}
