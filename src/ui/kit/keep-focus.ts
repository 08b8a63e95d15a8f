/**
 * Focus never falls to the body. Where a drawing takes away what had it, hides or disables it, it goes to the heading above:
 * there the eyes are, and a key that is pressed once too often starts or stops nothing.
 *
 * Browsers tell nobody that a focused element is gone. So what is around an element is remembered when it gets focus, and
 * looked at again after each change in there.
 */

/** An element around the focused one, and its neighbours of the same kind: where one of a list goes, they take over. */
interface Ring {
  readonly element: Element;
  readonly neighbours: readonly Element[];
}

const HEADINGS = 'h1, h2, h3';
/** What stands for a line of a list, which has no heading: a press opens it, and starts nothing. */
const LINE = 'button[aria-expanded]';
/** The changes that may take focus away. */
const WATCHED = { childList: true, subtree: true, attributeFilter: ['disabled', 'hidden', 'open', 'class'] };

/** Keeps focus in the page, until the function that it returns is called. */
export function keepFocus(page: HTMLElement): () => void {
  /** Around what has focus, innermost first. */
  let held: readonly Ring[] = [];
  /** Around what had it before a dialog opened: a dialog that closes takes its own surroundings away. */
  let behind: readonly Ring[] = [];
  /** Only a person who uses keys wants the page to scroll along; under a finger it stays where it is. */
  let byKeys = false;

  const observer = new MutationObserver(() => {
    const lost = held[0]?.element;
    const now = focused();
    if (lost === undefined || !isTaken(lost) || (now !== null && now !== lost)) return;
    const closed = held.some(({ element }) => element instanceof HTMLDialogElement && !element.open);
    const heading = headingAround(closed ? behind : held) ?? headingIn(page, 'h1') ?? headingIn(page);
    if (heading !== null) focusOn(heading, byKeys);
  });

  let roots: readonly Node[] = [window.document];
  const remember = (): void => {
    const path = around(focused());
    if (path.length === 0 || path[0] === held[0]?.element) return;
    const isInDialog = path.some((element) => element instanceof HTMLDialogElement);
    behind = isInDialog ? (behind.length === 0 ? held : behind) : [];
    held = path.map((element) => ({ element, neighbours: neighboursOf(element) }));
    byKeys = path[0]?.matches(':focus-visible') ?? false;
    watch([...new Set(path.map((element) => element.getRootNode()))]);
  };
  /** Each root by itself: nobody outside of one is told that focus goes from one element in it to another. */
  const watch = (next: readonly Node[]): void => {
    observer.disconnect();
    for (const root of roots) root.removeEventListener('focusin', remember);
    roots = next;
    for (const root of roots) {
      observer.observe(root, WATCHED);
      root.addEventListener('focusin', remember);
    }
  };
  // A press on nothing takes focus away, and is meant to.
  const forget = (): void => {
    const last = held[0]?.element;
    if (focused() === null && last !== undefined && !isTaken(last)) held = [];
  };

  watch(roots);
  window.addEventListener('pointerup', forget);
  return () => {
    watch([]);
    window.removeEventListener('pointerup', forget);
  };
}

/** Focuses what takes no focus by itself, such as a heading. Without `scrolls` the page stays where it is. */
export function focusOn(element: HTMLElement, scrolls = usesKeys()): void {
  if (element.tabIndex < 0) element.tabIndex = -1;
  element.focus({ preventScroll: !scrolls });
}

/** The first heading in an element and in the shadow roots there, or the element itself. */
export function headingIn(element: Element, selector = HEADINGS): HTMLElement | null {
  if (element instanceof HTMLElement && element.matches(selector)) return element;
  const root = element.shadowRoot ?? element;
  for (const child of root.children) {
    const found = isTaken(child) ? null : headingIn(child, selector);
    if (found !== null) return found;
  }
  return null;
}

/** What has focus, through all shadow roots; null where nothing has it. */
export function focused(): Element | null {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active === document.body || active === document.documentElement ? null : active;
}

/** An element and all that it is in, through shadow roots. */
function around(element: Element | null): readonly Element[] {
  if (element === null) return [];
  const root = element.getRootNode();
  const next = element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  return [element, ...around(next)];
}

/** The nearest heading above what is gone; of a neighbour, or its line itself, where one of a list went. */
function headingAround(rings: readonly Ring[]): HTMLElement | null {
  let within: Element | null = null;
  for (const { element, neighbours } of rings) {
    if (isTaken(element)) {
      for (const neighbour of neighbours) {
        const found = isTaken(neighbour) ? null : (headingIn(neighbour) ?? headingIn(neighbour, LINE));
        if (found !== null) return found;
      }
      continue;
    }
    const inside = (element.shadowRoot ?? element).querySelectorAll<HTMLElement>(HEADINGS);
    const headings = [...inside].filter((heading) => !isTaken(heading));
    const found = within === null ? headings[0] : headings.findLast((heading) => isBefore(heading, within));
    if (found !== undefined) return found;
    within = element;
  }
  return null;
}

function isBefore(heading: Element, other: Element | null): boolean {
  return other !== null && (heading.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

/** Whether it can have no focus any more. A disabled one keeps it until the next frame, and then nothing has it. */
function isTaken(element: Element): boolean {
  return !element.isConnected || element.matches(':disabled') || !element.checkVisibility();
}

function neighboursOf({ nextElementSibling, previousElementSibling, localName }: Element): readonly Element[] {
  return [nextElementSibling, previousElementSibling].flatMap((each) => (each?.localName === localName ? [each] : []));
}

function usesKeys(): boolean {
  return focused()?.matches(':focus-visible') ?? false;
}
