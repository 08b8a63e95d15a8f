/** What runs in the page, in any browser: each function is sent as text, so it stands alone. */

/** One thing a person does, found by its words; false while it cannot be done yet. */
export type Act =
  | { readonly press: string; readonly card?: string }
  | { readonly fill: string; readonly value: string }
  | { readonly choose: string; readonly base64: string };

export function act(wanted: Act): boolean {
  const all = (selector: string, root: ParentNode): HTMLElement[] => [
    ...root.querySelectorAll<HTMLElement>(selector),
    ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
      shadowRoot === null ? [] : all(selector, shadowRoot),
    ),
  ];
  const said = (element: Element): string => element.textContent.replace(/\s+/g, ' ').trim();
  if ('press' in wanted) {
    const cards = all('device-card', document).filter(
      ({ shadowRoot }) => wanted.card === undefined || shadowRoot?.querySelector('h2')?.textContent === wanted.card,
    );
    const within = wanted.card === undefined ? [document] : cards.flatMap(({ shadowRoot }) => shadowRoot ?? []);
    const found = within
      .flatMap((root) => all('button, summary', root))
      .find(
        (button) =>
          (said(button) === wanted.press || button.ariaLabel === wanted.press) &&
          !button.hasAttribute('disabled') &&
          button.offsetWidth > 0,
      );
    found?.click();
    return found !== undefined;
  }
  const inputs = all('input', document) as HTMLInputElement[];
  if ('fill' in wanted) {
    const field = inputs.find(({ labels }) => [...(labels ?? [])].some((label) => said(label) === wanted.fill));
    if (field === undefined) return false;
    field.value = wanted.value;
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    return true;
  }
  const picker = inputs.find(({ type }) => type === 'file');
  if (picker === undefined) return false;
  const bytes = Uint8Array.from(atob(wanted.base64), (char) => char.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], wanted.choose));
  picker.files = data.files;
  picker.dispatchEvent(new Event('change', { bubbles: true }));
  return true;
}

/** What one card says: all of it, what its update came to, and what the doctor says. */
export interface CardText {
  readonly all: string;
  readonly status: string;
  readonly doctor: string;
}

export function read(card: string): CardText | null {
  const all = (selector: string, root: ParentNode): HTMLElement[] => [
    ...root.querySelectorAll<HTMLElement>(selector),
    ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
      shadowRoot === null ? [] : all(selector, shadowRoot),
    ),
  ];
  const text = (root: ParentNode): string =>
    all('p, h2, span, strong', root)
      .map(({ textContent }) => textContent)
      .join(' ')
      .replace(/\s+/g, ' ');
  const found = all('device-card', document).find(
    ({ shadowRoot }) => shadowRoot?.querySelector('h2')?.textContent === card,
  )?.shadowRoot;
  if (found === null || found === undefined) return null;
  const doctor = found.querySelector('device-doctor')?.shadowRoot?.querySelector('.found p');
  return {
    all: text(found),
    status: (found.querySelector('[role=status]')?.textContent ?? '').replace(/\s+/g, ' ').trim(),
    doctor: (doctor?.textContent ?? '').replace(/\s+/g, ' ').trim(),
  };
}

/** What the details of the device in the dialog say of how it is reached; null where they are not there. */
export function reached(): string | null {
  const roots = (root: ParentNode): ParentNode[] => [
    root,
    ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot === null ? [] : roots(shadowRoot))),
  ];
  const details = roots(document).flatMap((root) => [...root.querySelectorAll('device-route')])[0];
  const said = details?.shadowRoot?.textContent ?? '';
  return said.includes('Reached') ? said : null;
}

/** What the browser has on this page. */
export async function features(): Promise<Readonly<Record<string, boolean>>> {
  const known = async (name: string): Promise<boolean> => {
    try {
      await navigator.permissions.query({ name: name as PermissionName });
      return true;
    } catch {
      // An unknown name, or no permissions at all.
      return false;
    }
  };
  return {
    'is a secure context': window.isSecureContext,
    '`crypto.subtle`': 'subtle' in crypto,
    'service worker': 'serviceWorker' in navigator,
    'Web Locks': 'locks' in navigator,
    'Wake Lock': 'wakeLock' in navigator,
    clipboard: 'clipboard' in navigator,
    '`navigator.storage.persist`': 'storage' in navigator && 'persist' in navigator.storage,
    'offers to install (`beforeinstallprompt`)': 'onbeforeinstallprompt' in window,
    'knows the permission `local-network`': await known('local-network'),
    'reads a file by stream': 'stream' in Blob.prototype,
  };
}

/** Resolves when the service worker has taken the page over. */
export async function kept(): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false;
  await navigator.serviceWorker.ready;
  return true;
}

/** From the next load on, updates run in the page (src/page/run-choice-kept.ts). */
export function updatesHere(): boolean {
  localStorage.setItem('moult-updates-run', 'page');
  return true;
}

/** Whether the app stands. */
export function stands(): boolean {
  const app: Element | null = document.querySelector('moult-app');
  return app?.shadowRoot !== undefined && app.shadowRoot !== null;
}

/** Whether no dialog's entry lies in the history: on its way back the browser gives up where it is sent meanwhile. */
export function settled(): boolean {
  return !JSON.stringify(history.state ?? '').includes('moultDialog');
}
