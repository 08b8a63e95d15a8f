import { css } from 'lit';

/** Ink on white, also of a page that is dark: the browser prints no backgrounds. */
const paper = css`
  @media print {
    :root {
      color-scheme: light;
      --paper: #ffffff;
      --sheet: #ffffff;
      --ink: #000000;
      --ink-soft: #404040;
      --line: #b0b0b0;
      --line-strong: #606060;
      --accent: #14593e;
      --amber: #8a4b00;
      --red: #a3231b;
    }
  }
`;

/** Gives the document these colours on paper; once. */
export function onPaper(): void {
  const { styleSheet } = paper;
  if (styleSheet === undefined || document.adoptedStyleSheets.includes(styleSheet)) return;
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, styleSheet];
}
