import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import { nameOf } from '../../state/firmware/library.ts';
import type { FirmwareRecord } from '../../model/page/stores.ts';
import { projectOf, versionOf } from '../../state/update/update-view.ts';
import { pinIcon } from '../kit/style/icons.ts';
import { chipName } from '../../words/firmware/chip-name.ts';
import { REMOVE, SAVE } from '../../words/kit/buttons.ts';
import { CHOOSE, CHOSEN, keptSince, OWN_NAME, PIN, PINNED, RENAME } from '../../words/firmware/library-view.ts';
import { bytesInWords, shortHash } from '../../words/kit/quantities.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { fields } from '../kit/style/fields.ts';
import { Watch } from '../kit/watch/watch.ts';

/** What of the app a kept file draws from. */
export type LibraryRowParts = Pick<App, 'firmware' | 'library' | 'questions' | 'removals'>;

/** One kept file: what it is, and what can be done with it. */
@customElement('library-row')
export class LibraryRow extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      article {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--u) calc(4 * var(--u));
        padding: calc(3 * var(--u)) 0;
      }
      .what {
        flex: 1 1 240px;
        min-width: 0;
      }
      h2 {
        display: flex;
        align-items: center;
        gap: var(--u);
        font-size: var(--text);
      }
      svg.icon {
        width: 16px;
        height: 16px;
      }
      .row {
        gap: 0;
      }
      button.quiet {
        min-width: var(--target);
        padding: 0 calc(2 * var(--u));
      }
      form {
        flex: 1 1 100%;
        display: flex;
        flex-wrap: wrap;
        align-items: flex-end;
        gap: calc(2 * var(--u));
      }
      form > div {
        flex: 1 1 200px;
      }
    `,
  ];

  @property({ attribute: false }) app!: LibraryRowParts;
  @property({ attribute: false }) record!: FirmwareRecord;
  @state() naming = false;
  readonly #chosen = new Watch(this, () => this.app.firmware.$chosen);

  protected override render(): TemplateResult {
    const { record } = this;
    const { inspection, sha256, size, pinned, added } = record;
    const chosen = this.#chosen.value;
    const isChosen = chosen.kind === 'ready' && chosen.firmware.sha256 === sha256;
    const facts = [
      projectOf(inspection),
      versionOf(inspection),
      inspection.chip && chipName(inspection.chip.id),
      bytesInWords(size),
      keptSince(added, Date.now()),
    ].filter((fact) => fact !== null);
    return html`<article aria-labelledby="name">
      <div class="what">
        <h2 id="name">
          ${pinned ? html`<span class="off-screen">${PINNED}</span>${pinIcon}` : null}<span>${nameOf(record)}</span>
        </h2>
        <p class="small soft numbers">${facts.join(' · ')} · <span class="mono">${shortHash(sha256)}</span></p>
      </div>
      <div class="row">
        ${
          isChosen
            ? html`<span class="small soft">${CHOSEN}</span>`
            : html`<button @click=${() => this.app.firmware.chooseFromLibrary(sha256)}>${CHOOSE}</button>`
        }
        <button class="quiet" aria-pressed=${pinned ? 'true' : 'false'} @click=${this.#pin}>${PIN}</button>
        <button class="quiet" aria-expanded=${this.naming ? 'true' : 'false'} @click=${this.#name}>${RENAME}</button>
        <button class="quiet" @click=${this.#remove}>${REMOVE}</button>
      </div>
      ${this.naming ? this.#nameForm() : null}
    </article>`;
  }

  #nameForm(): TemplateResult {
    return html`<form @submit=${this.#rename}>
      <div>
        <label for="label">${OWN_NAME}</label>
        <input
          id="label"
          type="text"
          autocomplete="off"
          .value=${this.record.label ?? ''}
          placeholder=${this.record.name}
        />
      </div>
      <button>${SAVE}</button>
    </form>`;
  }

  #pin(): void {
    void this.app.library.pin(this.record.sha256, !this.record.pinned);
  }

  async #name(): Promise<void> {
    this.naming = !this.naming;
    await this.updateComplete;
    this.renderRoot.querySelector('input')?.focus();
  }

  async #rename(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const field = this.renderRoot.querySelector('input');
    if (field === null) return;
    await this.app.library.rename(this.record.sha256, field.value);
    this.naming = false;
  }

  async #remove(): Promise<void> {
    const { questions, library, removals } = this.app;
    const name = nameOf(this.record);
    if (await questions.ask({ kind: 'remove-firmware', name })) {
      await removals.offerUndo({ what: 'firmware', name }, library.hide(this.record.sha256));
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'library-row': LibraryRow;
  }
}
