import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RolloutOptions } from '../../model/rollout/rollout-record.ts';
import {
  AT_ONCE,
  AUTOMATIC,
  failuresLabel,
  FIRST_WAVE,
  FIRST_WAVE_HINT,
  NEVER,
  shareLabel,
  STOP_BY_ITSELF,
} from '../../words/rollout/rollout-options.ts';
import { base } from '../kit/style/base.ts';
import { fields } from '../kit/style/fields.ts';

/** Three failures are no accident any more, and still few enough to walk to. */
const DEFAULT_FAILURES = 3;

export const DEFAULT_OPTIONS: RolloutOptions = {
  firstWave: 1,
  width: null,
  stopAt: { failures: DEFAULT_FAILURES, share: null },
};

/** The numbers to choose from. More than 32 at once is too much for a browser and an access point (rollout/concurrency.ts). */
const WIDTHS = [1, 2, 4, 8, 16, 32] as const;
const FAILURES = [1, 2, 3, 5, 10] as const;
const SHARES = [0.1, 0.25, 0.5] as const;

/** How a rollout proceeds: its first wave, how many at once, and when it stops by itself. Fires "change"; `options` holds what is set. */
@customElement('rollout-options')
export class RolloutOptionsForm extends LitElement {
  static override styles = [
    base,
    fields,
    css`
      /* Two beside each other on a phone: below them the list is to be seen. */
      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 130px), 1fr));
        gap: calc(3 * var(--u));
        align-items: end;
      }
      /* The choice around sticks in sight: the page is not scrolled for it. */
      input,
      select {
        scroll-margin-bottom: calc(-1 * (var(--foot, 0px) + var(--end, 0px) + var(--u)));
      }
    `,
  ];

  @property({ attribute: false }) options: RolloutOptions = DEFAULT_OPTIONS;

  protected override render(): TemplateResult {
    const { firstWave, width, stopAt } = this.options;
    const stop = stopAt.failures !== null ? `${stopAt.failures}` : stopAt.share !== null ? `${stopAt.share}` : '';
    return html`<div class="fields">
        <div>
          <label for="first">${FIRST_WAVE}</label>
          <input
            id="first"
            type="number"
            inputmode="numeric"
            min="0"
            max="99"
            .value=${`${firstWave}`}
            aria-describedby="first-hint"
            @change=${this.#setFirstWave}
          />
        </div>
        <div>
          <label for="width">${AT_ONCE}</label>
          <select id="width" @change=${this.#setWidth}>
            <option value="" ?selected=${width === null}>${AUTOMATIC}</option>
            ${WIDTHS.map((one) => html`<option value=${one} ?selected=${one === width}>${one}</option>`)}
          </select>
        </div>
        <div>
          <label for="stop">${STOP_BY_ITSELF}</label>
          <select id="stop" @change=${this.#setStop}>
            ${FAILURES.map(
              (count) => html`<option value=${count} ?selected=${stop === `${count}`}>${failuresLabel(count)}</option>`,
            )}
            ${SHARES.map(
              (share) => html`<option value=${share} ?selected=${stop === `${share}`}>${shareLabel(share)}</option>`,
            )}
            <option value="" ?selected=${stop === ''}>${NEVER}</option>
          </select>
        </div>
      </div>
      <p class="hint" id="first-hint">${FIRST_WAVE_HINT}</p>`;
  }

  #setFirstWave(event: Event & { readonly currentTarget: HTMLInputElement }): void {
    const typed = event.currentTarget.valueAsNumber;
    this.#set({ firstWave: Number.isFinite(typed) ? Math.max(0, Math.floor(typed)) : 1 });
  }

  #setWidth(event: Event & { readonly currentTarget: HTMLSelectElement }): void {
    const { value } = event.currentTarget;
    this.#set({ width: value === '' ? null : Number(value) });
  }

  #setStop(event: Event & { readonly currentTarget: HTMLSelectElement }): void {
    const { value } = event.currentTarget;
    const mark = value === '' ? null : Number(value);
    const isShare = mark !== null && mark < 1;
    this.#set({ stopAt: { failures: isShare ? null : mark, share: isShare ? mark : null } });
  }

  #set(of: Partial<RolloutOptions>): void {
    this.options = { ...this.options, ...of };
    this.dispatchEvent(new Event('change'));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rollout-options': RolloutOptionsForm;
  }
}
