/** Keys for people who work without a mouse; `keys-list` lists them. Loaded once the page is at rest. */
import type { WholeApp } from '../../state/app.ts';
import { UPDATE } from '../../words/device/card/device-card.ts';
import { allTargets, targetIn } from '../kit/device-target.ts';
import { OpenSheetEvent } from '../kit/events.ts';
import { isField } from '../kit/fields.ts';
import { isModalOpen } from '../kit/modal.ts';

export type KeysParts = Pick<WholeApp, 'keys'>;

/** Listens to keys, until the function that it returns is called. */
export function listenToKeys({ keys }: KeysParts, shell: HTMLElement): () => void {
  const press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.repeat || isModalOpen()) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const path = event.composedPath();
    if (isField(path[0])) return;
    if (act(event, path, keys.$on.get(), shell)) event.preventDefault();
  };
  window.addEventListener('keydown', press);
  return () => window.removeEventListener('keydown', press);
}

/** Whether the key was one of ours, and there was something for it to do. `single`: keys that write a character are on. */
function act({ key }: KeyboardEvent, path: readonly EventTarget[], single: boolean, shell: HTMLElement): boolean {
  switch (key) {
    case 'ArrowDown':
      return move(path, 1);
    case 'ArrowUp':
      return move(path, -1);
    case '?':
      return single && shell.dispatchEvent(new OpenSheetEvent({ kind: 'keys' }));
    case '/':
      return single && search(shell);
    case 'u':
      return single && update(path, shell);
    default:
      return false;
  }
}

/**
 * Presses "Update" of the device that has the focus, or of the only one; of several it is given the focus, and no more,
 * and so is the button of a rollout. A line that is closed is opened first: a person who presses twice has seen what it
 * is about. Where "Update" is off, the focus goes to the reason, which is read aloud by that.
 */
function update(path: readonly EventTarget[], shell: HTMLElement): boolean {
  const targets = allTargets();
  const meant = targetIn(path) ?? (targets.length === 1 ? targets[0] : undefined);
  const host = (meant ?? targets[0])?.host;
  const button =
    host === undefined
      ? reachable(shell).find((element) => element.matches(ROLLOUT))
      : (reachable(host).find((element) => element.textContent.trim() === UPDATE) ?? closed(host) ?? reasonIn(host));
  // Focus goes along from wherever it was: with what begins there, "Pause" is the next stop.
  button?.focus();
  if (meant !== undefined) button?.click();
  return button !== undefined;
}

const ROLLOUT = '.end > .next';

function closed(host: HTMLElement): HTMLElement | undefined {
  return reachable(host).find((element) => element.ariaExpanded === 'false' && element.ariaHasPopup === null);
}

/** Why the file that is chosen is not for this device. It takes the focus and is no control: a press of it does nothing. */
function reasonIn(root: Element): HTMLElement | undefined {
  const within = [...(root.shadowRoot?.children ?? []), ...root.children];
  for (const each of within) {
    const found = each instanceof HTMLElement && each.matches('.needs[tabindex]') ? each : reasonIn(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

const SEARCH = 'input[type=search]';

function search(shell: HTMLElement): boolean {
  const find = (selector: string): HTMLElement | undefined =>
    reachable(shell).find((element) => element.matches(selector));
  const field = find(SEARCH);
  field?.focus();
  if (field !== undefined) return true;
  // In a narrow window it is folded away, and there once that has opened.
  const opener = find('.tools > .fold');
  opener?.click();
  requestAnimationFrame(() => find(SEARCH)?.focus());
  return opener !== undefined;
}

/** To the same control of the line above or below, or to its first one. */
function move(path: readonly EventTarget[], by: 1 | -1): boolean {
  const [from] = path;
  if (!(from instanceof HTMLElement) || from.matches('input[type=radio], input[type=range]')) return false;
  const item = itemIn(path);
  const siblings = [...(item?.parentElement?.children ?? [])];
  const next = item === null ? undefined : siblings[siblings.indexOf(item) + by];
  if (!(next instanceof HTMLElement)) return false;
  const there = reachable(next);
  const same = there.find((element) => element.localName === from.localName && nameOf(element) === nameOf(from));
  const to = same ?? there[0];
  to?.focus();
  return to !== undefined;
}

/**
 * The line of a list that the focus is in: a list's own item, or a device's card or row. The navigation is no list to
 * go through.
 */
function itemIn(path: readonly EventTarget[]): Element | null {
  const elements = path.filter((each) => each instanceof Element);
  if (elements.some(({ localName }) => localName === 'nav')) return null;
  return elements.find(({ localName }) => localName === 'li') ?? targetIn(path)?.host ?? null;
}

function nameOf(element: HTMLElement): string {
  return element.getAttribute('aria-label') ?? element.textContent.trim();
}

const CONTROLS = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), summary';

/** What can be focused in an element, through its shadow roots, in the order of the page. */
function reachable(root: Element): readonly HTMLElement[] {
  const within = [root, ...(root.shadowRoot?.children ?? []), ...root.children].filter((each) => each !== root);
  return within.flatMap((each) =>
    each instanceof HTMLElement && each.matches(CONTROLS) && each.checkVisibility() ? [each] : reachable(each),
  );
}
