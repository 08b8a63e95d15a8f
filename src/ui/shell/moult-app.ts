import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import './app-nav.ts';
import '../device/devices-view.ts';
import '../kit/drop-zone.ts';
import { OpenDeviceEvent, OpenSheetEvent, WantFirmwareEvent, type DialogSubject, type Sheet } from '../kit/events.ts';
import '../firmware/firmware-panel.ts';
import type { FirmwarePanel } from '../firmware/firmware-panel.ts';
import './notice-bar.ts';
import { PageFocus } from './page-focus.ts';
import { takePlace, type RouteName } from './routes.ts';
import { shellStyles } from './shell-styles.ts';
import { MORE } from '../../words/kit/buttons.ts';
import { APP, FIRMWARE, HISTORY, ROLLOUT, SKIP, windowTitle } from '../../words/kit/places.ts';
import { GUIDE_AWAY, PREPARE_BOARD } from '../../words/more/prepare-link.ts';
import { BarHeight } from '../kit/bar-height.ts';
import { base } from '../kit/style/base.ts';
import { watchBack } from '../kit/modal.ts';
import { Watch } from '../kit/watch/watch.ts';

const TITLES: Readonly<Record<RouteName, string>> = {
  devices: APP,
  rollout: windowTitle(ROLLOUT),
  firmware: windowTitle(FIRMWARE),
  history: windowTitle(HISTORY),
  more: windowTitle(MORE),
  prepare: windowTitle(PREPARE_BOARD),
};

/** The shell: the places, what lies over them, and what is loaded only when it is needed. */
@customElement('moult-app')
export class MoultApp extends LitElement {
  static override styles = [base, shellStyles];

  @property({ attribute: false }) app!: App;
  @state() route: RouteName = 'devices';
  @state() subject: DialogSubject | null = null;
  @state() guideAway = false;
  @state() deviceId: string | null = null;
  @state() sheet: Sheet | null = null;
  @query('firmware-panel') readonly panel!: FirmwarePanel | null;
  readonly #focus = new PageFocus(this);
  readonly #locked = new Watch(this, () => this.app.tokenLock.$wanted);
  readonly #question = new Watch(this, () => this.app.questions.$question);

  constructor() {
    super();
    this.addController(new BarHeight('--foot', () => this.renderRoot.querySelector('.foot')));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.#go);
    this.addEventListener(OpenDeviceEvent.type, this.#openDevice);
    this.addEventListener(OpenSheetEvent.type, this.#openSheet);
    this.addEventListener(WantFirmwareEvent.type, this.#wantFirmware);
    watchBack();
    this.#go();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#go);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Loaded by the first need, not with the first view; the element wakes up when its code is there.
    const covered = this.subject !== null || this.sheet !== null || this.#locked.value || this.#question.value !== null;
    if (covered || this.route !== 'devices') void import('./lazy-views.ts');
    if (changed.has('route') && this.route === 'prepare') void this.#loadGuide();
  }

  /** The guide is not kept for use without a network: whoever follows it has to download other things, too. */
  async #loadGuide(): Promise<void> {
    this.guideAway = await import('../more/prepare-board.ts').then(
      () => false,
      () => true,
    );
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('route')) return;
    document.title = TITLES[this.route];
    // Not where the page opens: whoever arrives there begins at its top.
    if (changed.get('route') !== undefined) void this.#focus.arrive();
  }

  protected override render(): TemplateResult {
    const { app, route } = this;
    // A rollout belongs to the devices, and the guide to "More".
    const place = route === 'rollout' ? 'devices' : route === 'prepare' ? 'more' : route;
    const withFirmware = place === 'devices' || place === 'firmware';
    return html`
      <header class="head">
        <a class="skip" href="#/${route}" @click=${this.#skip}>${SKIP}</a>
        <a class="brand" href="#/devices">${mark}${APP}</a>
        <watch-pill .app=${app}></watch-pill>
        <notice-bar .app=${app}></notice-bar>
        <app-nav class="high" .route=${place}></app-nav>
      </header>
      <main tabindex="-1" class=${withFirmware ? 'split' : ''}>
        ${
          withFirmware
            ? html`<div class="firmware">
                <firmware-panel .app=${app} ?detailed=${route === 'firmware'}></firmware-panel>
              </div>`
            : null
        }
        ${this.#view()}
      </main>
      <div class="foot">
        <status-bar .app=${app} .route=${route}></status-bar>
        <app-nav class="low" .route=${place}></app-nav>
      </div>
      <drop-zone .app=${app} ?elsewhere=${!withFirmware}></drop-zone>
      <device-dialog .app=${app} .subject=${this.subject} @close=${this.#closeDevice}></device-dialog>
      <sheet-dialog .app=${app} .sheet=${this.sheet} @close=${this.#closeSheet}></sheet-dialog>
      <unlock-dialog .app=${app} ?wanted=${this.#locked.value}></unlock-dialog>
      <confirm-dialog .app=${app} .question=${this.#question.value}></confirm-dialog>
    `;
  }

  #view(): TemplateResult {
    const { app } = this;
    switch (this.route) {
      case 'devices':
        return html`<devices-view .app=${app}></devices-view>`;
      case 'rollout':
        return html`<rollout-view .app=${app}></rollout-view>`;
      case 'firmware':
        return html`<library-view .app=${app}></library-view>`;
      case 'history':
        return html`<history-view .app=${app} .deviceId=${this.deviceId}></history-view>`;
      case 'more':
        return html`<more-view .app=${app}></more-view>`;
      case 'prepare':
        return this.guideAway
          ? html`<h1 tabindex="-1">${PREPARE_BOARD}</h1>
              <p>${GUIDE_AWAY}</p>`
          : html`<prepare-board .app=${app}></prepare-board>`;
    }
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.#focus.skip();
  }

  readonly #go = (): void => {
    const { route, adding, deviceId, pairing, job, rollout } = takePlace();
    if (adding !== null) this.open(adding);
    if (pairing !== null) void this.app.pairing?.arrive(pairing);
    if (job !== null) void this.app.jobs?.arrive(job);
    if (rollout !== null) void this.app.rollouts?.arrive(rollout);
    this.route = route;
    this.deviceId = deviceId;
  };

  readonly #openDevice = (event: Event): void => {
    if (!(event instanceof OpenDeviceEvent)) return;
    this.sheet = null;
    this.open(event.subject);
  };

  /** A link or a code of a device that is here already opens that one: two cards of one board would both update it. */
  open(subject: DialogSubject): void {
    const { devices } = this.app;
    if (devices.$loaded.get()) {
      const device = subject.kind === 'new' ? devices.findAt(subject.address) : undefined;
      this.subject =
        device === undefined || subject.kind !== 'new' ? subject : { kind: 'saved', device, said: subject };
      return;
    }
    const stop = devices.$loaded.listen(() => {
      stop();
      this.open(subject);
    });
  }

  readonly #closeDevice = (): void => {
    this.subject = null;
  };

  readonly #openSheet = (event: Event): void => {
    if (event instanceof OpenSheetEvent) this.sheet = event.sheet;
  };

  readonly #closeSheet = (): void => {
    this.sheet = null;
  };

  readonly #wantFirmware = (): void => {
    this.panel?.nudge();
  };
}

/** A field of cells, one of them just written. */
const mark = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <path d="M3 3h5v5H3zM9.5 3h5v5h-5zM16 3h5v5h-5zM3 9.5h5v5H3zM9.5 9.5h5v5h-5zM3 16h5v5H3z" />
  <path class="open" fill="none" stroke="currentColor" d="M16.5 10h4v4h-4zM10 16.5h4v4h-4zM16.5 16.5h4v4h-4z" />
</svg>`;

declare global {
  interface HTMLElementTagNameMap {
    'moult-app': MoultApp;
  }
}
