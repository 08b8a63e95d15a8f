/** What a screen reader says by itself: the words that appear in live regions, in order. */

const REGIONS = '[aria-live], [role=status], [role=alert]';

export interface Aloud {
  readonly said: readonly string[];
  stop(): void;
}

/** Listens from now on, through all shadow roots. What stands in a region already is not said. */
export function listen(): Aloud {
  const said: string[] = [];
  const before = new Map<Element, string>();
  const observed = new Set<Node>();
  const hear = (): void => {
    for (const region of regions(document)) {
      const words = region.textContent.replaceAll(/\s+/g, ' ').trim();
      const known = before.get(region);
      before.set(region, words);
      // A new region is not read aloud unless it is an alert: the screen reader did not watch it yet.
      const isNews = known === undefined ? region.role === 'alert' : known !== words;
      if (isNews && words !== '' && region.ariaLive !== 'off') said.push(words);
    }
  };
  const observer = new MutationObserver(() => {
    observe(document);
    hear();
  });
  function observe(root: Document | ShadowRoot): void {
    if (!observed.has(root)) {
      observed.add(root);
      observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
    }
    for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot !== null) observe(shadowRoot);
  }
  observe(document);
  hear();
  return { said, stop: () => observer.disconnect() };
}

function regions(root: Document | ShadowRoot): readonly Element[] {
  const here = [...root.querySelectorAll(REGIONS)];
  const within = [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
    shadowRoot === null ? [] : regions(shadowRoot),
  );
  return [...here, ...within];
}
