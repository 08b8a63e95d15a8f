import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import {
  BY_DOCK,
  BY_MENU,
  BY_SHARE_SHEET,
  INSTALL,
  INSTALLED,
  NOT_SECURE,
  THEN_LIKE_AN_APP,
  THIS_APP,
  versionText,
  WHAT_INSTALLING_BRINGS,
} from '../../words/more/install-note.ts';
import { HOW_TO_TRUST } from '../../words/more/trust.ts';
import { trustAddress } from '../shell/routes.ts';
import { sections } from '../section-styles.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { Watch } from '../kit/watch/watch.ts';

/** What of the app the note about installing draws from. */
export type InstallNoteParts = Pick<WholeApp, 'host' | 'installation' | 'pairing'>;

/** How to install this page: by a button where the browser lets a page ask, else by hand; or why it cannot be installed. */
@customElement('install-note')
export class InstallNote extends LitElement {
  static override styles = [base, buttons, sections];

  @property({ attribute: false }) app!: InstallNoteParts;
  readonly #code = new Watch(this, () => this.app.pairing.$code);
  readonly #way = new Watch(this, () => this.app.installation.$way);

  protected override render(): TemplateResult {
    const { version } = this.app.installation;
    return html`<h2>${THIS_APP}</h2>
      ${this.#install()}
      <p class="small soft numbers">${versionText(version)}</p>`;
  }

  #install(): TemplateResult {
    switch (this.#way.value) {
      case 'ask':
        return html`<p>${WHAT_INSTALLING_BRINGS}</p>
          <p><button @click=${() => this.app.installation.ask()}>${INSTALL}</button></p>`;
      case 'installed':
        return html`<p>${INSTALLED}</p>`;
      case 'share-sheet':
        return html`<p>${BY_SHARE_SHEET}</p>
          <p>${THEN_LIKE_AN_APP}</p>`;
      case 'dock':
        return html`<p>${BY_DOCK}</p>
          <p>${THEN_LIKE_AN_APP}</p>`;
      case 'menu':
        return html`<p>${BY_MENU}</p>`;
      case 'not-secure':
        return html`<p>
          ${NOT_SECURE}
          ${this.app.host.$offers.get().lan ? html`<a href=${trustAddress(this.#code.value)}>${HOW_TO_TRUST}</a>.` : null}
        </p>`;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'install-note': InstallNote;
  }
}
