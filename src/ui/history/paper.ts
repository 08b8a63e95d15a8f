import { css } from 'lit';

/**
 * Ink on white, also of a page that is dark: the browser prints no backgrounds. The margins are the paper's own: what the
 * page has below its last line would be a page with nothing on it where that line ends a sheet.
 */
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
    @page {
      margin: 15mm;
    }
    moult-app {
      --edge: 0px;
      min-height: 0;
    }
  }
`;

/** Gives the document these colours on paper; once. */
export function colourPaper(): void {
  const { styleSheet } = paper;
  if (styleSheet === undefined || document.adoptedStyleSheets.includes(styleSheet)) return;
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, styleSheet];
}
