/** What axe finds on a whole built page as it stands. */
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** In both themes: "dark: color-contrast: .soft …". */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  // By the debugger, which the page's policy does not bind.
  await page.evaluate(axe.source);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const violations = await page.evaluate(async () => {
      const { axe: here } = globalThis as unknown as { readonly axe: { run(of: Document): Promise<AxeResults> } };
      return (await here.run(document)).violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`,
      );
    });
    found.push(...violations.map((violation) => `${colorScheme}: ${violation}`));
  }
  return found;
}
