/** Shapes that stand beside words; never alone, never by colour only. */
import { svg, type SVGTemplateResult } from 'lit';

function icon(content: SVGTemplateResult): SVGTemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${content}</svg>`;
}

export const deviceIcon = icon(
  svg`<rect x="7" y="7" width="10" height="10" rx="2" /><path d="M10 3v4m4-4v4m-4 10v4m4-4v4M3 10h4m-4 4h4m10-4h4m-4 4h4" />`,
);
export const firmwareIcon = icon(svg`<path d="M6 3h8l4 4v14H6z" /><path d="M14 3v4h4M9.5 12h5m-5 4h5" />`);
export const historyIcon = icon(svg`<circle cx="12" cy="12" r="8.5" /><path d="M12 7.5V12l3 2" />`);
export const moreIcon = icon(svg`<path d="M4 7h16M4 12h16M4 17h16" />`);
export const dotsIcon = icon(svg`<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3" />`);
export const chevronIcon = icon(svg`<path d="m8 10 4 4 4-4" />`);
export const plusIcon = icon(svg`<path d="M12 5v14M5 12h14" />`);
export const pinIcon = icon(svg`<path d="M9 4h6l-1 6 3 3H7l3-3zM12 13v7" />`);
export const copyIcon = icon(svg`<rect x="9" y="9" width="11" height="11" rx="2" /><path d="M15 5.5V4H4v11h1.5" />`);
export const arrowDownIcon = icon(svg`<path d="M12 4v14m-6-6 6 6 6-6" />`);

export const goodShape = icon(svg`<circle cx="12" cy="12" r="9" /><path d="m8 12.5 2.7 2.7L16 9.5" />`);
export const needsAttentionShape = icon(svg`<path d="M12 3.5 22 20.5H2z" /><path d="M12 10v4.5m0 2.6v.1" />`);
export const failedShape = icon(
  svg`<rect x="3.5" y="3.5" width="17" height="17" rx="2" /><path d="m8.5 8.5 7 7m0-7-7 7" />`,
);
export const stillShape = icon(svg`<circle cx="12" cy="12" r="9" /><path d="M8 12h8" />`);
export const waitingShape = icon(svg`<circle cx="12" cy="12" r="9" /><path d="M10 9v6m4-6v6" />`);
export const workingShape = icon(svg`<circle cx="12" cy="12" r="9" stroke-dasharray="3.2 3.86" />`);
