import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import { trustAddress } from '../shell/routes.ts';
import { sections } from '../section-styles.ts';
import { base, buttons } from '../kit/theme.ts';
import { Watch } from '../kit/watch.ts';

/** Installing this page: the button where the browser has one, the way by hand where not, else why not. */
@customElement('install-note')
export class InstallNote extends LitElement {
  static override styles = [base, buttons, sections];

  @property({ attribute: false }) app!: WholeApp;
  readonly #code = new Watch(this, () => this.app.pairing.$code);
  readonly #way = new Watch(this, () => this.app.installation.$way);

  protected override render(): TemplateResult {
    const { version } = this.app.installation;
    return html`<h2>This app</h2>
      ${this.#install()}
      <p class="small soft numbers">Moult ${version}</p>`;
  }

  #install(): TemplateResult {
    switch (this.#way.value) {
      case 'ask':
        return html`<p>Installed, Moult opens like an app, works without internet and takes files from other apps.</p>
          <p><button @click=${() => this.app.installation.ask()}>Install Moult</button></p>`;
      case 'installed':
        return html`<p>Moult is installed. It opens without internet; new versions wait until you reload.</p>`;
      case 'share-sheet':
        return html`<p>To install Moult: tap Share in Safari’s bar, then “Add to Home Screen”.</p>
          <p>It then opens like an app, also without internet.</p>`;
      case 'dock':
        return html`<p>To install Moult: choose “Add to Dock” in Safari’s File menu.</p>
          <p>It then opens like an app, also without internet.</p>`;
      case 'menu':
        return html`<p>
          This page works without internet once it was opened. Where the browser can install it, “Install” or “Add to
          Home Screen” stands in the browser’s menu.
        </p>`;
      case 'not-secure':
        return html`<p>
          This page is not encrypted, so the browser does not let it be installed or opened without its host. Open it by
          https, or on the host’s own machine as localhost.
          ${this.app.host.$offers.get().lan ? html`<a href=${trustAddress(this.#code.value)}>How to trust this host</a>.` : null}
        </p>`;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'install-note': InstallNote;
  }
}
