import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import type { ChipAsked } from '../../state/device/fits.ts';
import { allAreLabel, chipOfManyLabel, chipOfManyText, notAllLabel } from '../../words/device/chip-question.ts';
import { needsYouShape } from '../kit/style/icons.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { Watch } from '../kit/watch/watch.ts';

export type ChipQuestionParts = Pick<App, 'fits'>;

/** Asks once for all devices whose chip is not known. Draws nothing where there is nothing to ask. */
@customElement('chip-question')
export class ChipQuestion extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      div {
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
      svg {
        flex: none;
        color: var(--amber);
      }
    `,
  ];

  @property({ attribute: false }) app!: ChipQuestionParts;
  readonly #asked = new Watch(this, () => this.app.fits.$chipAsked);

  protected override render(): TemplateResult | null {
    const asked = this.#asked.value;
    if (asked === null) return null;
    const { chip, devices } = asked;
    return html`<div>
      <p>
        ${needsYouShape}<span
          >${chipOfManyText(
            chip.name,
            devices.map(({ name }) => name),
          )}</span
        >
      </p>
      <span class="row" role="group" aria-label=${chipOfManyLabel(chip.name)}>
        <button @click=${() => this.#answer(asked, true)}>${allAreLabel(devices.length)}</button>
        <button class="quiet" @click=${() => this.#answer(asked, false)}>${notAllLabel(devices.length)}</button>
      </span>
    </div>`;
  }

  #answer(asked: ChipAsked, isThatChip: boolean): void {
    void this.app.fits.answerChip(asked, isThatChip);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'chip-question': ChipQuestion;
  }
}
