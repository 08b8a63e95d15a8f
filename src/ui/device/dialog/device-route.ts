import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Device } from '../../../model/device/device.ts';
import type { App } from '../../../state/app.ts';
import { hasFailedLately, firstRoute } from '../../../state/device/first-route.ts';
import {
  FIND_ROUTE_AGAIN,
  reachedText,
  routesText,
  spokenText,
  ROUTE_UNKNOWN,
} from '../../../words/device/dialog/device-route.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import { Watch } from '../../kit/watch/watch.ts';

export type DeviceRouteParts = Pick<App, 'devices' | 'host' | 'setup'>;

/** How a saved device is spoken to, how it was reached last, and which route is tried first; and how to find out anew. */
@customElement('device-route')
export class DeviceRoute extends LitElement {
  static override styles = [base, buttons];

  @property({ attribute: false }) app!: DeviceRouteParts;
  @property() deviceId = '';
  readonly #devices = new Watch(this, () => this.app.devices.$devices);
  readonly #offers = new Watch(this, () => this.app.host.$offers);

  protected override render(): TemplateResult | null {
    const device = this.#devices.value.find(({ id }) => id === this.deviceId);
    if (device === undefined) return null;
    const { dialect } = device;
    return html`${dialect === null ? null : html`<p class="small">${spokenText(dialect)}</p>`} ${this.#route(device)}`;
  }

  #route(device: Device): TemplateResult {
    const { route, gatewayFailedAt } = device;
    if (route === null) return html`<p class="small soft">${ROUTE_UNKNOWN}</p>`;
    // Without a gateway there is one route, and nothing to find.
    if (!this.#offers.value.gateway) return html`<p class="small">${reachedText(route)}</p>`;
    const now = Date.now();
    const first = firstRoute(device, { secure: this.app.setup.secure, now });
    return html`<p class="small">${routesText(route, first, hasFailedLately(gatewayFailedAt, now))}</p>
      <button type="button" class="link" @click=${this.#forget}>${FIND_ROUTE_AGAIN}</button>`;
  }

  #forget(): void {
    void this.app.devices.learn(this.deviceId, { route: null, gatewayFailedAt: null });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'device-route': DeviceRoute;
  }
}
