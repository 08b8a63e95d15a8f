import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../state/app.ts';
import { base, buttons } from './theme.ts';
import { Watch } from './watch.ts';

/** How a saved device was reached last, which is tried first; and how to forget it. */
@customElement('device-route')
export class DeviceRoute extends LitElement {
  static override styles = [base, buttons];

  @property({ attribute: false }) app!: App;
  @property() deviceId = '';
  readonly #devices = new Watch(this, () => this.app.devices.$devices);

  protected override render(): TemplateResult | null {
    const device = this.#devices.value.find(({ id }) => id === this.deviceId);
    if (device === undefined) return null;
    if (device.route === null) return html`<p class="small soft">The way to it is found out at the next request.</p>`;
    return html`<p class="small">
        ${device.route === 'gateway' ? 'Reached through the gateway of this page’s host.' : 'Reached directly.'} This
        way is tried first.
      </p>
      <button type="button" class="link" @click=${this.#forget}>Find the way again</button>`;
  }

  #forget(): void {
    void this.app.devices.learn(this.deviceId, { route: null });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'device-route': DeviceRoute;
  }
}
