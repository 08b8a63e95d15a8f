/** How the page that a phone meets first looks: as the app does. */

/**
 * The app's own tokens, as far as this page needs them, under their own names: no room may import from another runtime's, so
 * test/host/serve/trust-page.node.test.ts holds them to src/ui/kit/style/tokens.ts. The size of the text is a person's own.
 */
export const TRUST_PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #f6f4ef;
  --sheet: #fffefb;
  --ink: #1e1c19;
  --ink-soft: #5f5a51;
  --line: #dcd7cc;
  --line-strong: #8d867a;
  --accent: #14593e;
  --on-accent: #ffffff;
  --accent-wash: #e3ede6;
  --face: system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'Roboto Mono', Menlo, Consolas, monospace;
  --small: 0.8125rem;
  --text: 0.9375rem;
  --large: 1.125rem;
  --title: 1.5rem;
  --u: 4px;
  --target: 44px;
  --radius: 10px;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #161513;
    --sheet: #1e1d1a;
    --ink: #ece8e0;
    --ink-soft: #a9a398;
    --line: #37342e;
    --line-strong: #7d776c;
    --accent: #6fc79e;
    --on-accent: #0d2319;
    --accent-wash: #1d2f26;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; font: var(--text) / 1.45 var(--face); }
header { display: flex; align-items: center; gap: calc(2 * var(--u)); min-height: 52px; padding: 0 calc(4 * var(--u)); border-bottom: 1px solid var(--line); font-size: var(--large); font-weight: 600; }
header svg { width: 22px; height: 22px; fill: var(--accent); }
main { max-width: 40rem; margin: 0 auto; padding: calc(6 * var(--u)) calc(4 * var(--u)) calc(12 * var(--u)); }
h1, h2, h3 { margin: 0; font-weight: 600; line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: var(--title); }
h2 { margin-top: calc(9 * var(--u)); padding-top: calc(6 * var(--u)); border-top: 1px solid var(--line); font-size: var(--large); }
h3 { margin-top: calc(6 * var(--u)); font-size: var(--text); }
p { margin: calc(2 * var(--u)) 0 0; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.soft { color: var(--ink-soft); }
.small { font-size: var(--small); }
.button { display: flex; align-items: center; justify-content: center; min-height: var(--target); margin-top: calc(4 * var(--u)); padding: calc(2 * var(--u)) calc(4 * var(--u)); border: 1px solid var(--line-strong); border-radius: var(--radius); color: var(--ink); font-weight: 500; text-align: center; text-decoration: none; }
.button:hover { background: var(--accent-wash); }
.next { min-height: 52px; border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.next:hover { background: var(--accent); filter: brightness(1.08); }
code { font: var(--small) / 1.6 var(--mono); overflow-wrap: anywhere; }
.fingerprint { display: block; margin-top: calc(3 * var(--u)); padding: calc(3 * var(--u)); border: 1px solid var(--line); border-radius: var(--radius); background: var(--sheet); }
.systems { margin-top: calc(3 * var(--u)); border-bottom: 1px solid var(--line); }
details { border-top: 1px solid var(--line); }
summary { min-height: var(--target); padding: calc(3 * var(--u)) 0; cursor: pointer; font-weight: 500; }
ol { margin: 0; padding: 0 0 calc(4 * var(--u)) calc(6 * var(--u)); }
ol li { padding: var(--u) 0; }
ol a, ul a { display: inline-flex; align-items: center; min-height: var(--target); }
ul { margin: var(--u) 0 0; padding: 0; list-style: none; }
.code { display: block; width: 208px; margin-top: calc(3 * var(--u)); padding: 12px; border-radius: var(--radius); background: #fff; }
.code svg { display: block; width: 100%; height: auto; }
@media (min-width: 560px) { .button { display: inline-flex; min-width: 14rem; } }
@media (forced-colors: active) { .next { border-width: 3px; } header svg { fill: CanvasText; } .code { forced-color-adjust: none; } }
`;
