import { css, html, LitElement, svg, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Progress } from '../../../model/update/update-state.ts';
import { CELL, corners, outline, PITCH, slotGrid, STEADY_ROWS, type SlotGrid } from './slot-grid.ts';

/** What of an update its picture is drawn from; also what a slot at rest is drawn from. */
export type SlotPicture = Pick<
  Progress,
  'total' | 'acknowledged' | 'inFlight' | 'retried' | 'capacityBytes' | 'blockSize'
>;

const half = CELL / 2;
const patterns = svg`<defs>
  <pattern id="hollow" width=${PITCH} height=${PITCH} patternUnits="userSpaceOnUse">
    <rect class="hollow" x="0.5" y="0.5" width=${CELL - 1} height=${CELL - 1} />
  </pattern>
  <pattern id="filled" width=${PITCH} height=${PITCH} patternUnits="userSpaceOnUse">
    <rect class="filled" width=${CELL} height=${CELL} />
  </pattern>
  <pattern id="flight" width=${PITCH} height=${PITCH} patternUnits="userSpaceOnUse">
    <rect class="flight" x="0.75" y="0.75" width=${CELL - 1.5} height=${CELL - 1.5} />
  </pattern>
  <pattern id="skin" width=${PITCH} height=${PITCH} patternUnits="userSpaceOnUse">
    <rect class="skin" x="0.5" y="0.5" width=${CELL - 1} height=${CELL - 1} />
  </pattern>
  <pattern id="beyond" width=${PITCH} height=${PITCH} patternUnits="userSpaceOnUse">
    <rect class="beyond" x=${half - 0.5} y=${half - 0.5} width="1" height="1" />
  </pattern>
</defs>`;

/**
 * The slot map: the partition being written as a grid of flash blocks. Hollow: not yet. Outlined and breathing: in
 * flight. Filled: acknowledged by the device, nothing else. A corner: needed another try. Dots: the rest of the slot,
 * which this image does not reach. When the image runs, the old skin comes off, once. For the eye only: the progress bar around it has the words.
 */
@customElement('slot-map')
export class SlotMap extends LitElement {
  static override styles = css`
    :host {
      display: block;
      contain: content;
    }
    :host([steady]) {
      height: ${STEADY_ROWS * PITCH}px;
    }
    svg {
      display: block;
      width: 100%;
      shape-rendering: crispEdges;
    }
    .hollow {
      fill: none;
      stroke: var(--line-strong);
      opacity: 0.6;
    }
    :host([runs]) .hollow {
      stroke: var(--accent);
      opacity: 1;
    }
    .beyond {
      fill: var(--line-strong);
      opacity: 0.5;
    }
    .filled {
      fill: var(--accent);
    }
    .flight {
      fill: var(--accent-wash);
      stroke: var(--accent);
      stroke-width: 1.5;
    }
    .corner {
      fill: var(--amber-mark);
    }
    .skin {
      fill: var(--sheet);
      stroke: var(--line-strong);
    }
    .shed {
      animation: shed 900ms ease-in-out forwards;
    }
    @keyframes shed {
      to {
        clip-path: inset(0 0 0 100%);
        opacity: 0.5;
        transform: translateY(-2px);
      }
    }
    .breathing {
      animation: breathe 1.6s steps(8) infinite alternate;
    }
    @keyframes breathe {
      to {
        opacity: 0.35;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .breathing {
        animation: none;
      }
      .shed {
        display: none;
      }
    }
  `;

  @property({ attribute: false }) progress: SlotPicture | null = null;
  /** The image runs: what lay over it comes off, once. */
  @property({ type: Boolean }) sheds = false;
  /** Keeps one height, whatever it shows and from the first moment on. */
  @property({ type: Boolean, reflect: true }) steady = false;
  /** The slot that runs, at rest. */
  @property({ type: Boolean, reflect: true }) runs = false;
  @state() width = 0;
  readonly #sized = new ResizeObserver(([entry]) => {
    // In the next frame: drawing changes the height, which this very observer would be told of.
    if (entry !== undefined) requestAnimationFrame(() => (this.width = Math.floor(entry.contentRect.width)));
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sized.disconnect();
  }

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    return changed.has('progress') || changed.has('width') || changed.has('sheds');
  }

  protected override render(): TemplateResult | null {
    const { progress, width } = this;
    if (progress === null || width === 0) return null;
    const { total, acknowledged, inFlight, retried } = progress;
    const grid = slotGrid(
      Math.max(progress.capacityBytes ?? 0, total),
      progress.blockSize,
      width,
      this.steady ? STEADY_ROWS : undefined,
    );
    const height = grid.rows * PITCH;
    return html`<svg viewBox="0 0 ${width} ${height}" height=${height} aria-hidden="true" focusable="false">
      ${patterns} ${range(grid, 'beyond', total, grid.bytes)} ${range(grid, 'hollow', acknowledged, total)}
      ${range(grid, 'filled', 0, acknowledged)}
      ${inFlight === null ? null : svg`<path class="breathing" d=${outline(grid, inFlight)} fill="url(#flight)" />`}
      <path class="corner" d=${corners(grid, retried)} />
      ${this.sheds ? svg`<path class="shed" d=${outline(grid, { start: 0, end: total })} fill="url(#skin)" />` : null}
    </svg>`;
  }
}

function range(grid: SlotGrid, pattern: string, start: number, end: number): TemplateResult {
  return svg`<path d=${outline(grid, { start, end })} fill="url(#${pattern})" />`;
}
