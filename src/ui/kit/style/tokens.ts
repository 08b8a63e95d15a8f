/** All design tokens. */
import { css } from 'lit';

/** For the document: custom properties go through shadow roots. Contrast of each pair is checked in test/ui. */
export const tokens = css`
  :root {
    color-scheme: light dark;
    /* Paper and ink, warm greys. */
    --paper: #f6f4ef;
    --sheet: #fffefb;
    --ink: #1e1c19;
    --ink-soft: #5f5a51;
    --line: #dcd7cc;
    --line-strong: #8d867a;
    /* One accent; amber: needs attention; red: failed. */
    --accent: #14593e;
    --on-accent: #ffffff;
    --accent-wash: #e3ede6;
    --amber: #8a4b00;
    --amber-mark: #d98200;
    --amber-wash: #f9ecd6;
    --red: #a3231b;
    --red-wash: #f8e4e0;
    --veil: rgb(30 28 25 / 40%);
    --shadow: 0 8px 28px rgb(30 28 25 / 16%);
    /* Four sizes of the system's own face: 13, 15, 18 and 24 px where a person has set 16, so none is set on html. */
    --face: system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
    --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'Roboto Mono', Menlo, Consolas, monospace;
    --small: 0.8125rem;
    --text: 0.9375rem;
    --large: 1.125rem;
    --title: 1.5rem;
    /* A 4 px grid; a target is at least 44 px. */
    --u: 4px;
    --target: 44px;
    --radius: 10px;
    --quick: 160ms;
    /* Around what has focus. */
    --ring: 2px solid var(--accent);
    /* Of what is disabled. */
    --faint: 0.55;
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
      --amber: #f0b45c;
      --amber-mark: #f0a63c;
      --amber-wash: #33270f;
      --red: #ff9b8f;
      --red-wash: #3a1d19;
      --veil: rgb(0 0 0 / 60%);
      --shadow: 0 8px 28px rgb(0 0 0 / 50%);
    }
  }
  /* For people who ask for more contrast: no grey words or lines, at least 7 to 1. */
  @media (prefers-contrast: more) {
    :root {
      --paper: #ffffff;
      --sheet: #ffffff;
      --ink: #000000;
      --ink-soft: #1e1c19;
      --line: #5f5a51;
      --line-strong: #1e1c19;
      --accent: #0b3d29;
      --amber: #5c3200;
      --red: #7d130d;
      --ring: 3px solid var(--ink);
      --faint: 0.75;
    }
  }
  @media (prefers-contrast: more) and (prefers-color-scheme: dark) {
    :root {
      --paper: #000000;
      --sheet: #000000;
      --ink: #ffffff;
      --ink-soft: #ece8e0;
      --line: #a9a398;
      --line-strong: #ece8e0;
      --accent: #9be8c4;
      --amber: #ffd28f;
      --red: #ffc0b8;
    }
  }
  /* Where the system's colours are forced, drawings take them too: the browser forces no fill of a picture. */
  @media (forced-colors: active) {
    :root {
      --paper: Canvas;
      --sheet: Canvas;
      --ink: CanvasText;
      --ink-soft: CanvasText;
      --line: CanvasText;
      --line-strong: CanvasText;
      --accent: Highlight;
      --on-accent: HighlightText;
      --accent-wash: Canvas;
      --amber: CanvasText;
      --amber-mark: CanvasText;
      --amber-wash: Canvas;
      --red: CanvasText;
      --red-wash: Canvas;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    :root {
      --quick: 0ms;
    }
  }
  html {
    background: var(--paper);
    color: var(--ink);
    -webkit-text-size-adjust: 100%;
    text-size-adjust: 100%;
  }
  /* What has focus is not to lie under what sticks at the bottom (kit/bar-height.ts). */
  html {
    scroll-padding-bottom: calc(var(--foot, 0px) + var(--end, 0px) + var(--u));
  }
  body {
    margin: 0;
    font: var(--text) / 1.45 var(--face);
  }
`;
