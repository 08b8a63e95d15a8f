/** The dot of a device: a shape of its own for each standing, so that it is told without its colour. */
import { css, html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { STANDINGS } from '../../words/device/standing.ts';
import type { Standing } from './standing.ts';

const ring = svg`<circle cx="6" cy="6" r="4.25" fill="none" />`;

const SHAPES: Readonly<Record<Standing, SVGTemplateResult>> = {
  online: svg`<circle cx="6" cy="6" r="4.25" fill="currentColor" />`,
  updated: svg`<path d="m1.5 6.5 3 3 6-7" fill="none" />`,
  accepted: svg`<path d="M3.5 6h5" />${ring}`,
  staged: svg`<path d="M6 3.5v3h2" fill="none" />${ring}`,
  updating: svg`<path d="M6 1.75a4.25 4.25 0 0 1 0 8.5z" fill="currentColor" />${ring}`,
  asking: svg`<path d="M2 6h.01M6 6h.01M10 6h.01" />`,
  unasked: ring,
  offline: svg`<path d="M3 9 9 3" />${ring}`,
  needs: svg`<path d="M6 1.5 11 10.5H1z" fill="currentColor" />`,
  failed: svg`<path d="m2 2 8 8m0-8-8 8" />`,
};

export const stateDots = css`
  .dot {
    display: inline-block;
    width: 12px;
    height: 12px;
    flex: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
    color: var(--ink-soft);
  }
  .dot.online,
  .dot.updated,
  .dot.accepted,
  .dot.staged,
  .dot.updating {
    color: var(--accent);
  }
  .dot.needs {
    color: var(--amber);
  }
  .dot.failed,
  .dot.offline {
    color: var(--red);
  }
  @media (forced-colors: active) {
    .dot.dot {
      color: CanvasText;
    }
  }
`;

/** The word stands beside it, or is heard only. */
export function stateDot(standing: Standing): TemplateResult {
  return html`<svg class="dot ${standing}" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
    ${SHAPES[standing]}
  </svg>`;
}

export function standingWord(standing: Standing): string {
  return STANDINGS[standing];
}
