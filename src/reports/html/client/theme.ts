/** A theme other than that of the system. */
const key = 'cloudworthy-theme';

export function startTheme(store: Pick<Storage, 'getItem' | 'setItem'>): void {
  const root = document.documentElement;
  const wanted = store.getItem(key);
  if (wanted === 'dark' || wanted === 'light') root.dataset['theme'] = wanted;
  const button = document.getElementById('theme')!;
  button.hidden = false;
  button.addEventListener('click', () => {
    const current = root.dataset['theme'] ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
    root.dataset['theme'] = current === 'dark' ? 'light' : 'dark';
    store.setItem(key, root.dataset['theme']);
  });
}
