import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import { DONT_KNOW } from '../../words/device/card/device-fit.ts';
import { allAreLabel, CHIPS_KNOWN, chipOfMany, notAllLabel } from '../../words/device/chip-question.ts';
import { chipName } from '../../words/firmware/chip-name.ts';
import { goodShape, needsAttentionShape } from '../kit/style/icons.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { fold, folds } from '../kit/style/fold.ts';
import { Watch } from '../kit/watch/watch.ts';

export type ChipQuestionParts = Pick<App, 'fits'>;

/**
 * Asks once for all devices whose chip is not known. Draws nothing where there is nothing to ask. A question that an
 * update has answered keeps its space, so that no device moves when the update ends.
 */
@customElement('chip-question')
export class ChipQuestion extends LitElement {
  static override styles = [
    base,
    buttons,
    folds,
    css`
      :host {
        display: flow-root;
      }
      :host > div {
        margin-bottom: calc(3 * var(--u));
        padding-inline-start: calc(2 * var(--u));
        border-inline-start: 3px solid var(--amber-mark);
      }
      p {
        display: flex;
        gap: calc(2 * var(--u));
        margin-bottom: calc(2 * var(--u));
        max-width: 60ch;
      }
      .fold {
        border: 0;
        padding-inline-start: 0;
      }
      .known {
        padding-top: calc(3 * var(--u));
      }
      .known svg {
        color: var(--accent);
      }
      p:not(.known) svg,
      .fold :first-child {
        flex: none;
        color: var(--amber);
      }
      /* The line above has it. */
      @media not all and (min-width: 720px) {
        p:not(.known) svg,
        .unknown {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) app!: ChipQuestionParts;
  @state() open = false;
  readonly #asked = new Watch(this, () => this.app.fits.$chipAsked);
  /** How many devices it was about when it was drawn last. */
  #drawn = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.app.fits.dropAnswered();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const count = this.#asked.value?.devices.length ?? null;
    if (count === null || count > this.#drawn) this.style.minHeight = '';
    else if (count < this.#drawn) this.style.minHeight = `${this.getBoundingClientRect().height}px`;
    this.#drawn = count ?? 0;
  }

  protected override render(): TemplateResult | null {
    const asked = this.#asked.value;
    if (asked === null) return null;
    const { chip, devices } = asked;
    if (devices.length === 0) return html`<p class="known" role="status">${goodShape}<span>${CHIPS_KNOWN}</span></p>`;
    const { file, unknown, question } = chipOfMany(
      chipName(chip.id),
      devices.map(({ name }) => name),
    );
    const answer = (is: 'yes' | 'no' | 'unknown') => (): void => void this.app.fits.answerChip(asked, is);
    return html`<div>
      ${fold(html`${needsAttentionShape}<span>${unknown}</span>`, this.open, () => (this.open = !this.open))}
      <p class="folded">
        ${needsAttentionShape}<span>${file} <span class="unknown">${unknown}</span> ${question}</span>
      </p>
      <span class="row folded" role="group" aria-label=${question}>
        <button @click=${answer('yes')}>${allAreLabel(devices.length)}</button>
        <button class="quiet" @click=${answer('no')}>${notAllLabel(devices.length)}</button>
        <button class="quiet" @click=${answer('unknown')}>${DONT_KNOW}</button>
      </span>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'chip-question': ChipQuestion;
  }
}
