/** What axe finds on the page as it stands, and the palette it stands in. */
import axe from 'axe-core';
import { all } from './finding.ts';
import { tokens } from '../../src/ui/kit/style/tokens.ts';

/** The palette of a theme, whatever the browser of the test prefers. */
export function wear(theme: 'light' | 'dark'): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(tokens.cssText.replace('(prefers-color-scheme: dark)', theme === 'dark' ? 'all' : 'not all'));
  document.adoptedStyleSheets = [sheet];
}

export async function findings(): Promise<readonly string[]> {
  // Transitions end first: nobody reads text in a colour that is shown for a moment.
  await Promise.allSettled(
    all('*').flatMap((element) =>
      element
        .getAnimations()
        .filter(isTransition)
        .map(({ finished }) => finished),
    ),
  );
  const { violations } = await axe.run(document, {
    rules: {
      // People who control the page by voice say what stands on a button (WCAG 2.5.3).
      'label-content-name-mismatch': { enabled: true },
      // The test runner's document has no title or language of its own; index.html has.
      'document-title': { enabled: false },
      'html-has-lang': { enabled: false },
    },
  });
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary ?? ''}`).join('; ')}`,
  );
}

function isTransition(animation: Animation): boolean {
  return animation instanceof CSSTransition;
}
