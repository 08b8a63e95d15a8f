import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import {
  GO_ON,
  GO_ON_HINT,
  IN_PAGE,
  IN_PAGE_HINT,
  ON_HOST,
  ON_HOST_HINT,
  UPDATES_RUN,
} from '../../words/more/run-choice.ts';
import { sections } from '../section-styles.ts';
import { base } from '../kit/style/base.ts';
import { fields } from '../kit/style/fields.ts';
import { Watch } from '../kit/watch/watch.ts';

export type RunChoiceParts = Pick<WholeApp, 'host' | 'jobs'>;

/** Where updates run. Draws nothing where no host runs any. */
@customElement('run-choice')
export class RunChoice extends LitElement {
  static override styles = [
    base,
    fields,
    sections,
    css`
      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
      }
      .hint {
        margin: 0 0 calc(2 * var(--u)) calc(8 * var(--u));
      }
    `,
  ];

  @property({ attribute: false }) app!: RunChoiceParts;
  readonly #offers = new Watch(this, () => this.app.host.$offers);
  readonly #choice = new Watch(this, () => this.app.jobs.choice.$choice);

  protected override render(): TemplateResult | null {
    if (this.#offers.value.jobs !== true) return null;
    const { where, goesOnByItself } = this.#choice.value;
    return html`<h2 id="title">${UPDATES_RUN}</h2>
      <fieldset aria-labelledby="title">
        ${this.#place('host', ON_HOST, ON_HOST_HINT)} ${this.#place('page', IN_PAGE, IN_PAGE_HINT)}
      </fieldset>
      <label class="choice">
        <input
          type="checkbox"
          .checked=${goesOnByItself}
          ?disabled=${where === 'page'}
          aria-describedby="go-on"
          @change=${this.#goOn}
        />
        ${GO_ON}
      </label>
      <p class="hint" id="go-on">${GO_ON_HINT}</p>`;
  }

  #place(where: 'host' | 'page', label: string, hint: string): TemplateResult {
    return html`<label class="choice">
        <input
          type="radio"
          name="where"
          .checked=${this.#choice.value.where === where}
          aria-describedby=${where}
          @change=${() => this.app.jobs.choice.choose({ where })}
        />
        ${label}
      </label>
      <p class="hint" id=${where}>${hint}</p>`;
  }

  #goOn(event: Event & { readonly currentTarget: HTMLInputElement }): void {
    this.app.jobs.choice.choose({ goesOnByItself: event.currentTarget.checked });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'run-choice': RunChoice;
  }
}
