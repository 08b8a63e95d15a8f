import { css, html, LitElement, svg, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { HistoryEntry } from '../../model/update/history-entry.ts';
import { durationInWords } from '../../words/kit/quantities.ts';
import { fastestText, marksText, plotText } from '../../words/history/throughput-plot.ts';
import { base } from '../kit/style/base.ts';
import { retryMoments, speedSteps } from './speed-steps.ts';

/** The drawing's own units; the browser stretches it to the width there is. */
const WIDTH = 480;
const HEIGHT = 64;

/** How fast one update went, over its time; a mark at the foot for each part that needed another try. */
@customElement('throughput-plot')
export class ThroughputPlot extends LitElement {
  static override styles = [
    base,
    css`
      svg {
        display: block;
        width: 100%;
        height: 64px;
        overflow: visible;
      }
      .area {
        fill: var(--accent-wash);
      }
      .line {
        fill: none;
        stroke: var(--accent);
        stroke-width: 1.5;
        vector-effect: non-scaling-stroke;
      }
      .foot {
        stroke: var(--line-strong);
        vector-effect: non-scaling-stroke;
      }
      .retry {
        stroke: var(--amber-mark);
        stroke-width: 3;
        vector-effect: non-scaling-stroke;
      }
      figcaption {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 calc(3 * var(--u));
        margin-top: var(--u);
      }
    `,
  ];

  @property({ attribute: false }) entry: HistoryEntry | null = null;

  protected override render(): TemplateResult | null {
    if (this.entry === null) return null;
    const { samples, retried, durationMs } = this.entry;
    const steps = speedSteps(samples, durationMs);
    const fastest = Math.max(...steps.map(({ bytesPerSecond }) => bytesPerSecond));
    if (steps.length < 2 || fastest <= 0) return null;
    const x = (at: number): string => ((at / durationMs) * WIDTH).toFixed(1);
    const y = (speed: number): string => (HEIGHT - (speed / fastest) * HEIGHT).toFixed(1);
    const line = steps.map(({ from, to, bytesPerSecond }) => `${x(from)} ${y(bytesPerSecond)}H${x(to)}`).join('L');
    const moments = retryMoments(samples, retried);
    return html`<figure>
      <svg
        viewBox="0 0 ${WIDTH} ${HEIGHT}"
        preserveAspectRatio="none"
        role="img"
        aria-label=${plotText(durationMs, fastest, moments.length)}
      >
        <path class="area" d="M0 ${HEIGHT}L${line}V${HEIGHT}Z" />
        <path class="line" d="M${line}" />
        <path class="foot" d="M0 ${HEIGHT}H${WIDTH}" />
        ${moments.map((at) => svg`<path class="retry" d="M${x(at)} ${HEIGHT}v-10" />`)}
      </svg>
      <figcaption class="small soft numbers" aria-hidden="true">
        <span>${fastestText(fastest)}</span>
        ${moments.length === 0 ? null : html`<span>${marksText(moments.length)}</span>`}
        <span>${durationInWords(durationMs / 1000)}</span>
      </figcaption>
    </figure>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'throughput-plot': ThroughputPlot;
  }
}
