import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import { failedLately, firstRoute } from '../../state/device/first-route.ts';
import type { Device } from '../../model/device.ts';
import { base, buttons } from '../kit/theme.ts';
import { Watch } from '../kit/watch.ts';

export type DeviceRouteParts = Pick<App, 'devices' | 'host' | 'setup'>;

/** How a saved device was reached last, and which way is tried first; and how to find out anew. */
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
    if (device.route === null) return html`<p class="small soft">The way to it is found out at the next request.</p>`;
    // Without a gateway there is one way, and nothing to find.
    if (!this.#offers.value.gateway) return html`<p class="small">${REACHED[device.route]}</p>`;
    return html`<p class="small">${REACHED[device.route]} ${triedFirst(device, this.app.setup.secure)}</p>
      <button type="button" class="link" @click=${this.#forget}>Find the way again</button>`;
  }

  #forget(): void {
    void this.app.devices.learn(this.deviceId, { route: null, gatewayFailedAt: null });
  }
}

const REACHED = {
  gateway: 'Reached through the gateway of this page’s host.',
  direct: 'Reached directly.',
} as const;

function triedFirst(device: Device, secure: boolean): string {
  const now = Date.now();
  if (failedLately(device.gatewayFailedAt, now)) {
    return 'The gateway of this page’s host did not reach it, so for a day the direct way is tried first.';
  }
  const first = firstRoute(device, { secure, now });
  if (first === device.route) return 'This way is tried first.';
  return first === 'gateway' ? 'The gateway of this page’s host is tried first.' : 'The direct way is tried first.';
}

declare global {
  interface HTMLElementTagNameMap {
    'device-route': DeviceRoute;
  }
}
