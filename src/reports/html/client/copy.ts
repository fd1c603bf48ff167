/** `path:line` of the excerpts of an opened finding: to the clipboard, or into an editor on this machine. */
const key = 'cloudworthy-checkout';

export function startCopying(
  strings: Readonly<Record<'copy' | 'copied' | 'open', string>>,
  store: Pick<Storage, 'getItem' | 'setItem'>,
): void {
  const input = document.querySelector<HTMLInputElement>('input[name="editor"]');
  if (input) {
    input.value = store.getItem(key) ?? '';
    input.addEventListener('change', () => {
      store.setItem(key, input.value.trim());
      for (const entry of document.querySelectorAll<HTMLDetailsElement>('details.finding[open]'))
        addTools(entry, strings, input.value.trim());
    });
  }
  document.addEventListener(
    'toggle',
    ({ target }) => {
      if (target instanceof HTMLDetailsElement && target.open && target.matches('.finding'))
        addTools(target, strings, input?.value.trim() ?? '');
    },
    true,
  );
}

function addTools(entry: HTMLElement, strings: Readonly<Record<'copy' | 'copied' | 'open', string>>, checkout: string): void {
  for (const caption of entry.querySelectorAll('figcaption')) {
    for (const old of caption.querySelectorAll('.tool')) old.remove();
    const place = caption.querySelector('.at')!.textContent!;
    caption.append(
      ...(navigator.clipboard ? [makeCopyButton(place, strings)] : []),
      ...(checkout ? [makeEditorLink(place, strings.open, checkout)] : []),
    );
  }
}

function makeCopyButton(place: string, { copy, copied }: Readonly<Record<'copy' | 'copied', string>>): HTMLElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'tool';
  button.textContent = copy;
  button.setAttribute('aria-label', `${copy} ${place}`);
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(place).then(
      () => {
        button.textContent = copied;
        setTimeout(() => {
          button.textContent = copy;
        }, 1500);
      },
      () => {},
    );
  });
  return button;
}

function makeEditorLink(place: string, text: string, checkout: string): HTMLElement {
  const folder = checkout.replaceAll('\\', '/').replace(/\/+$/, '').replace(/^\//, '');
  const [, path = '', line = ''] = /^(.*):(\d+)$/.exec(place) ?? [];
  const link = document.createElement('a');
  link.href = `vscode://file/${encodeURI(`${folder}/${path}`).replace(/[?#]/g, encodeURIComponent)}:${line}`;
  link.className = 'tool';
  link.textContent = text;
  return link;
}
