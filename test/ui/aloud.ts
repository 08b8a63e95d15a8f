/** What a screen reader says by itself: the words that come to stand in live regions, in the order in which they do. */

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
      // A region that is new is not heard, but for an alert: nobody listened to it yet.
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
