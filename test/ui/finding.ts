/** Finds what a person finds: by role and by name, through all shadow roots. Waits, up to a limit; never sleeps blindly. */
import { ActionMenu } from '../../src/ui/kit/action-menu.ts';

/**
 * How long to wait for something that never appears, in milliseconds. An update through a service worker takes seconds, and
 * ten times that on a machine that is old or busy; how long is not what these tests hold.
 */
const PATIENCE_MS = 120_000;

export function all(selector: string, root: ParentNode = document): HTMLElement[] {
  const here = [...root.querySelectorAll<HTMLElement>(selector)];
  const within = [...root.querySelectorAll('*')].flatMap((element) =>
    element.shadowRoot === null ? [] : all(selector, element.shadowRoot),
  );
  return [...here, ...within];
}

/** Asks again with every frame, until there is something to answer. */
export async function until<T>(what: string, ask: () => T | null | undefined | false): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = ask();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise(requestAnimationFrame);
  }
}

function isSeen(element: HTMLElement): boolean {
  return element.checkVisibility();
}

function words(element: HTMLElement): string {
  return (element.getAttribute('aria-label') ?? element.textContent).replaceAll(/\s+/g, ' ').trim();
}

/** What has focus, through all shadow roots; null where it is the body. */
export function focusedElement(): Element | null {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found === document.body ? null : found;
}

export function seenButton(name: string, root: ParentNode): HTMLButtonElement | undefined {
  return all('button', root).find(
    (found): found is HTMLButtonElement =>
      found instanceof HTMLButtonElement && !found.disabled && isSeen(found) && words(found) === name,
  );
}

export function button(name: string, root: ParentNode = document): Promise<HTMLButtonElement> {
  return until(`a button “${name}”`, () => seenButton(name, root));
}

/** A menu in `root` that has the item, where no button is seen that says so. */
export function menuWith(name: string, root: ParentNode): ActionMenu | undefined {
  return all('action-menu', root).find(
    (menu): menu is ActionMenu =>
      menu instanceof ActionMenu && isSeen(menu) && menu.items().some(({ label }) => label === name),
  );
}

/** Presses the button with this name, or what is called so behind ⋯: a person looks there, too. */
export async function press(name: string, root: ParentNode = document): Promise<void> {
  const found = await until(`a button “${name}”`, () => seenButton(name, root) ?? menuWith(name, root));
  if (found instanceof HTMLButtonElement) {
    found.click();
    return;
  }
  found.opener?.click();
  (await button(name, found.renderRoot instanceof ShadowRoot ? found.renderRoot : found)).click();
}

export function field(name: string): Promise<HTMLInputElement> {
  return until(`a field “${name}”`, () =>
    all('input').find(
      (found): found is HTMLInputElement =>
        found instanceof HTMLInputElement &&
        (found.getAttribute('aria-label') === name || [...(found.labels ?? [])].some((label) => words(label) === name)),
    ),
  );
}

export async function fill(name: string, value: string): Promise<void> {
  const found = await field(name);
  found.value = value;
  found.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
}

/** The card of a device, by the device's name. */
export function card(name: string): Promise<HTMLElement> {
  return until(`a card “${name}”`, () =>
    all('article').find((article) => {
      const id = article.getAttribute('aria-labelledby');
      const root = article.getRootNode();
      return id !== null && root instanceof ShadowRoot && root.getElementById(id)?.textContent === name;
    }),
  );
}

export async function status(name: string, begins: string): Promise<string> {
  const found = await card(name);
  return until(`a status that begins with “${begins}”`, () => {
    const said = all('[role=status]', found)[0]?.textContent;
    return said?.startsWith(begins) === true && said;
  });
}

/** Where a firmware file is chosen; what it is called says whether there is one yet. */
export function fileField(): Promise<HTMLInputElement> {
  return until('the field for a file', () =>
    all('input[type=file][multiple]').find((found): found is HTMLInputElement => found instanceof HTMLInputElement),
  );
}

export async function chooseFile(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const input = await fileField();
  const data = new DataTransfer();
  data.items.add(new File([bytes], name));
  input.files = data.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}
