import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { cellLook, type CellLook } from '../../state/rollout/rollout-standing.ts';
import type { RolloutLine } from '../../model/rollout/rollout-state.ts';

/** From this many on the cells are smaller, so that the words and buttons beneath stay on a phone's first screen. */
const MANY = 60;

/**
 * The slot map's field, with a cell for every device. Hollow: waiting. Outlined and pulsing: running. Filled:
 * succeeded. Crossed: failed. Corner: skipped. Struck: cancelled. Dotted: not started. For the eye only: the words
 * beside it say the same.
 */
@customElement('rollout-field')
export class RolloutField extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 3px;
      contain: content;
    }
    i {
      box-sizing: border-box;
      width: 16px;
      height: 16px;
      border: 1px solid var(--line-strong);
      border-radius: 2px;
      /* A drawing: its colours are the system's already, where those are forced. */
      forced-color-adjust: none;
    }
    /* Two hundred in the upper half of a phone. */
    :host([many]) i {
      width: 11px;
      height: 11px;
    }
    .running {
      border: 2px solid var(--accent);
      background: var(--accent-wash);
      animation: pulse 1.6s steps(8) infinite alternate;
    }
    .well {
      border-color: var(--accent);
      background: var(--accent);
    }
    .failed {
      border-color: var(--red);
      background:
        linear-gradient(45deg, transparent 44%, var(--red) 44% 56%, transparent 56%),
        linear-gradient(-45deg, transparent 44%, var(--red) 44% 56%, transparent 56%), var(--red-wash);
    }
    .skipped {
      border-color: var(--amber);
      background: linear-gradient(-45deg, transparent 55%, var(--amber-mark) 55%);
    }
    .cancelled {
      background: linear-gradient(transparent 42%, var(--line-strong) 42% 58%, transparent 58%);
    }
    .not-started {
      border-style: dotted;
    }
    @keyframes pulse {
      to {
        opacity: 0.45;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .running {
        animation: none;
      }
    }
  `;

  @property({ attribute: false }) lines: ReadonlyMap<string, RolloutLine> = new Map();
  #looks = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('aria-hidden', 'true');
  }

  /** Most changes of a rollout change no cell. */
  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    if (!changed.has('lines')) return false;
    const looks = this.#cells().join(' ');
    if (looks === this.#looks) return false;
    this.#looks = looks;
    return true;
  }

  protected override willUpdate(): void {
    this.toggleAttribute('many', this.lines.size > MANY);
  }

  protected override render(): TemplateResult {
    return html`${this.#cells().map((look) => html`<i class=${look}></i>`)}`;
  }

  #cells(): readonly CellLook[] {
    return [...this.lines.values()].map(cellLook);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rollout-field': RolloutField;
  }
}
