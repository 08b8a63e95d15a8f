import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import { $minute } from '../../state/minute.ts';
import { hideDevice } from '../../state/device/hidden-device.ts';
import type { UpdateView } from '../../state/update/update-view.ts';
import type { Device } from '../../model/device/device.ts';
import './device-check.ts';
import type { DeviceCheckParts } from './device-check.ts';
import './device-doctor.ts';
import type { DeviceDoctorParts } from './device-doctor.ts';
import './device-fit.ts';
import type { DeviceFitParts } from './device-fit.ts';
import { OpenDeviceEvent, OpenSheetEvent, WantFirmwareEvent } from '../kit/events.ts';
import { drawsDifferently, hasProgress, resumeOf, statusOf } from './card-status.ts';
import {
  CANCEL,
  EDIT,
  FORGET_IT,
  MORE,
  PAUSE,
  REMOVE,
  REPORT_FOR_HELP,
  RESUME,
  SEND_ALL_THE_SAME,
  TAKE_OVER,
} from '../../words/kit/buttons.ts';
import {
  contactFacts,
  HAD,
  resumeFromLabel,
  resumeLabel,
  runsLabel,
  sendBackLabel,
  sinceText,
  UPDATE,
  versionText,
} from '../../words/device/device-card.ts';
import { dayInWords } from '../../words/device/moments.ts';
import { base, buttons } from '../kit/theme.ts';
import { DeviceTarget } from '../kit/device-target.ts';
import './update-progress.ts';
import type { UpdateProgressParts } from './update-progress.ts';
import { Watch } from '../kit/watch.ts';

/** What of the app a card and the elements in it draw from. Its doctor is not on the page that a device serves itself. */
export type DeviceCardParts = Pick<
  App,
  'devices' | 'doctor' | 'firmware' | 'library' | 'questions' | 'recorder' | 'removals' | 'updates'
> &
  DeviceCheckParts &
  DeviceFitParts &
  UpdateProgressParts &
  Pick<App, keyof DeviceDoctorParts>;

/** One device: who it is, what it runs, what its update does, and the one next action. */
@customElement('device-card')
export class DeviceCard extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        content-visibility: auto;
        contain-intrinsic-size: auto 220px;
      }
      article {
        display: flex;
        flex-direction: column;
        gap: calc(3 * var(--u));
        height: 100%;
        padding: calc(4 * var(--u));
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--sheet);
      }
      h2 {
        font-size: var(--large);
      }
      header p {
        margin-top: var(--u);
      }
      .status {
        display: flex;
        gap: calc(2 * var(--u));
      }
      .status strong {
        display: block;
        font-weight: 600;
      }
      .status span {
        overflow-wrap: anywhere;
      }
      .good svg {
        color: var(--accent);
      }
      .needs svg {
        color: var(--amber);
      }
      .bad svg,
      .bad strong {
        color: var(--red);
      }
      device-fit {
        margin-top: calc(-3 * var(--u));
      }
      .actions {
        margin-top: auto;
        gap: var(--u) calc(2 * var(--u));
      }
      .aside {
        display: flex;
        flex-wrap: wrap;
        margin-inline-start: auto;
      }
    `,
  ];

  @property({ attribute: false }) app!: DeviceCardParts;
  @property({ attribute: false }) device!: Device;
  readonly target = new DeviceTarget(this, () => this.device);

  readonly #update = new Watch(this, () => this.app.updates.$update(this.device.id), drawsDifferently);
  readonly #chosen = new Watch(
    this,
    () => this.app.firmware.$chosen,
    // Hashing tells its progress often; the card draws only whether there is something to send.
    (now, before) => now.kind !== 'reading' || before.kind !== 'reading',
  );
  readonly #library = new Watch(this, () => this.app.library.$records);
  readonly #doctor = new Watch(this, () => this.app.doctor.$doctor(this.device.id));
  readonly #minute = new Watch(this, () => $minute);

  protected override render(): TemplateResult {
    const view = this.#update.value;
    return html`<article aria-labelledby="name">
      ${this.#header()}
      ${
        hasProgress(view)
          ? html`<update-progress .app=${this.app} .device=${this.device}></update-progress>`
          : html`<device-check .app=${this.app} .device=${this.device}></device-check>`
      }
      ${this.#status(view)}
      <device-doctor .app=${this.app} .device=${this.device}></device-doctor>
      ${
        view.kind === 'running' || view.kind === 'preparing'
          ? null
          : html`<device-fit .app=${this.app} .device=${this.device}></device-fit>`
      }
      <div class="row actions">${this.#actions(view)}</div>
    </article>`;
  }

  #header(): TemplateResult {
    const { name, typed, runs, ranBefore } = this.device;
    const now = this.#minute.value;
    return html`<header>
      <h2 id="name">${name}</h2>
      <p class="small soft">
        <span class="mono">${typed}</span>${contactFacts(this.device, now).map((fact) => html`<span> · ${fact}</span>`)}
      </p>
      ${
        runs === null
          ? ranBefore === null
            ? null
            : html`<p>${HAD.before} <b>${versionText(ranBefore)}</b>${HAD.after}</p>`
          : html`<p class="numbers">
              ${runsLabel(runs)} <b>${versionText(runs)}</b>
              <span class="soft">${sinceText(dayInWords(runs.at, now))}</span>
            </p>`
      }
    </header>`;
  }

  /** Always in the page, so that a screen reader hears what comes to stand in it. */
  #status(view: UpdateView): TemplateResult {
    const { tone, shape, title, detail } = statusOf(view);
    // Inline elements only: no white space may come before the outcome's words.
    return html`<div class="status ${title === '' ? 'off-screen' : tone}">
      ${shape}<span role="status"
        ><strong>${title}</strong
        >${detail === '' ? null : html`<span class="off-screen">. </span><span>${detail}</span>`}</span
      >
    </div>`;
  }

  #actions(view: UpdateView): TemplateResult {
    const { id } = this.device;
    const { updates } = this.app;
    if (view.kind === 'running' || view.kind === 'preparing') {
      const paused = view.kind === 'running' && view.paused;
      const ending = view.kind === 'running' && view.cancelling;
      return html`<button
          class=${paused ? 'next' : ''}
          ?disabled=${ending}
          @click=${() => (paused ? updates.resume(id) : updates.pause(id))}
        >
          ${paused ? RESUME : PAUSE}
        </button>
        <button ?disabled=${ending} @click=${() => updates.cancel(id)}>${CANCEL}</button>
        ${this.#aside(true)}`;
    }
    return html`${this.#recovery(view)} ${this.#updateButton(view)}
    ${
      view.kind === 'ended' && this.#opensSheets
        ? html`<button class="quiet" @click=${this.#report}>${REPORT_FOR_HELP}</button>`
        : null
    }
    ${this.#aside(false)}`;
  }

  /** What else than "Update" makes sense after what happened. The first is the one next action. */
  #recovery(view: UpdateView): TemplateResult | null {
    const { updates } = this.app;
    const { id } = this.device;
    if (view.kind === 'offer') {
      return html`${
          view.firmware === null
            ? null
            : html`<button class="next" @click=${() => updates.resumeOffer(id)}>
                ${resumeLabel(resumeOf(view.entry), view.entry)}
              </button>`
        } <button class="quiet" @click=${() => updates.dropOffer(id)}>${FORGET_IT}</button>`;
    }
    if (view.kind !== 'ended' || view.state.outcome !== 'failed') return null;
    const { otherSession, judgement, resumable } = view.state;
    if (typeof otherSession?.id === 'string') {
      return html`<button class="next" @click=${() => updates.takeOver(id)}>${TAKE_OVER}</button>`;
    }
    if (judgement?.canOverrule === true) {
      return html`<button @click=${() => updates.overrule(id)}>${SEND_ALL_THE_SAME}</button>`;
    }
    const { sha256 } = view.firmware;
    const { acknowledged, total } = view.state.progress;
    return resumable
      ? html`<button class=${this.#isReached ? 'next' : ''} @click=${() => updates.start(id, { sha256 })}>
          ${resumeFromLabel(acknowledged, total)}
        </button>`
      : null;
  }

  /** While the doctor has something to say, that comes first. */
  get #isReached(): boolean {
    const view = this.#doctor.value;
    return view.kind === 'nothing' || (view.kind === 'found' && view.finding.kind === 'answers');
  }

  #updateButton(view: UpdateView): TemplateResult {
    const chosen = this.#chosen.value;
    const ready = chosen.kind === 'ready' && chosen.firmware.inspection.verdict !== 'refuse';
    const runsIt = chosen.kind === 'ready' && this.device.runs?.sha256 === chosen.firmware.sha256;
    const next = ready && !runsIt && this.#isReached && this.#recovery(view) === null;
    return html`<button class=${next ? 'next' : ''} ?disabled=${chosen.kind === 'reading'} @click=${this.#start}>
      ${UPDATE}
    </button>`;
  }

  #aside(busy: boolean): TemplateResult {
    const { ranBefore } = this.device;
    const back = ranBefore !== null && this.#library.value.some(({ sha256 }) => sha256 === ranBefore.sha256);
    return html`<span class="aside">
      ${
        back && !busy
          ? html`<button
              class="quiet"
              @click=${() => this.app.updates.start(this.device.id, { sha256: ranBefore.sha256 })}
            >
              ${sendBackLabel(ranBefore)}
            </button>`
          : null
      }
      ${this.#opensSheets ? html`<button class="quiet" @click=${this.#more}>${MORE}</button>` : null}
      <button class="quiet" ?disabled=${busy} @click=${this.#edit}>${EDIT}</button>
      <button class="quiet" ?disabled=${busy} @click=${this.#remove}>${REMOVE}</button>
    </span>`;
  }

  #start(): void {
    if (this.app.firmware.firmware === null) this.dispatchEvent(new WantFirmwareEvent());
    else void this.app.updates.start(this.device.id);
  }

  /** The page that a device serves itself has no room for them. */
  get #opensSheets(): boolean {
    return this.app.recorder !== null;
  }

  #report(): void {
    const updateId = this.app.recorder?.lastOf(this.device.id)?.id;
    if (updateId !== undefined) this.dispatchEvent(new OpenSheetEvent({ kind: 'report', updateId }));
  }

  #more(): void {
    this.dispatchEvent(new OpenSheetEvent({ kind: 'device', device: this.device }));
  }

  #edit(): void {
    this.dispatchEvent(new OpenDeviceEvent({ kind: 'saved', device: this.device }));
  }

  async #remove(): Promise<void> {
    const { questions, devices, removals } = this.app;
    const { id, name } = this.device;
    if (await questions.ask({ kind: 'remove-device', device: this.device })) {
      await removals.offerUndo({ what: 'device', name }, hideDevice(devices, id));
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'device-card': DeviceCard;
  }
}
