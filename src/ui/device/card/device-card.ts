import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { App } from '../../../state/app.ts';
import { deviceFace } from '../../../state/device/slot-face.ts';
import type { CheckView } from '../../../state/device/check/check-view.ts';
import { $minute } from '../../../state/minute.ts';
import type { UpdateView } from '../../../state/update/update-view.ts';
import type { Device } from '../../../model/device/device.ts';
import '../../kit/action-menu.ts';
import type { MenuItem } from '../../kit/action-menu.ts';
import { cardEnd, endOf } from './card-end.ts';
import { cardStyles } from './card-styles.ts';
import {
  checkText,
  drawsDifferently,
  hasProgress,
  isCheckNews,
  onlyAddsProgram,
  parted,
  statusOf,
} from '../card-status.ts';
import './device-doctor.ts';
import type { DeviceDoctorParts } from './device-doctor.ts';
import './device-face.ts';
import './device-fit.ts';
import { comesBack, heardOf, NOTHING_HEARD, type Heard } from './loss-aloud.ts';
import type { DeviceFitParts } from './device-fit.ts';
import { plainCard } from './plain-card.ts';
import { deviceMenu, type DeviceMenuParts } from '../device-menu.ts';
import { isAnother, primaryAction, type PrimaryAction, type Seen } from '../primary-action.ts';
import { standingOf } from '../standing.ts';
import { stateDot, stateDots, standingWord } from '../state-dot.ts';
import {
  CONTINUES,
  HAD,
  REPORTS,
  RUNS_UNKNOWN,
  runsLabel,
  seenText,
  sinceText,
  versionText,
} from '../../../words/device/card/device-card.ts';
import { moreLabel } from '../../../words/device/device-menu.ts';
import { dayInWords } from '../../../words/device/moments.ts';
import { DeviceTarget } from '../../kit/device-target.ts';
import { focusOn } from '../../kit/keep-focus.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import './update-progress.ts';
import type { UpdateProgressParts } from './update-progress.ts';
import { Watch } from '../../kit/watch/watch.ts';

/** What of the app a card and the elements in it draw from. Its doctor is not on the page that a device serves itself. */
export type DeviceCardParts = Pick<App, 'checks' | 'doctor' | 'firmware' | 'fits' | 'library' | 'updates'> &
  DeviceFitParts &
  DeviceMenuParts &
  UpdateProgressParts &
  Pick<App, keyof DeviceDoctorParts>;

/**
 * One device: who it is, what it runs, what its update does, and the one next action. Everything above the buttons
 * keeps its height, from press to end, so that they stay under the finger; what comes and goes stands below them.
 */
@customElement('device-card')
export class DeviceCard extends LitElement {
  static override styles = [base, buttons, stateDots, cardStyles, plainCard, cardEnd];

  @property({ attribute: false }) app!: DeviceCardParts;
  @property({ attribute: false }) device!: Device;
  readonly target = new DeviceTarget(this, () => this.device);
  @query('article') readonly article!: HTMLElement | null;
  @query('h2') readonly heading!: HTMLElement;

  readonly #update = new Watch(
    this,
    () => this.app.updates.$update(this.device.id),
    (now, before) => drawsDifferently(now, before) || comesBack(this.#heard, now),
  );
  readonly #chosen = new Watch(
    this,
    () => this.app.firmware.$chosen,
    // Hashing tells its progress often; the card draws only whether there is something to send.
    (now, before) => now.kind !== 'reading' || before.kind !== 'reading',
  );
  readonly #fits = new Watch(
    this,
    () => this.app.fits.$fits,
    (now, before) => now.get(this.device.id) !== before.get(this.device.id),
  );
  readonly #library = new Watch(this, () => this.app.library.$records);
  readonly #check = new Watch(this, () => this.app.checks.$check(this.device.id));
  readonly #doctor = new Watch(this, () => this.app.doctor.$doctor(this.device.id));
  readonly #minute = new Watch(this, () => $minute);
  #heard: Heard = NOTHING_HEARD;
  #drawn: CheckView = { kind: 'unasked' };
  /** Whether this drawing adds no more to the last answer than the device's program. */
  #isAddition = false;
  /** What the button meant when the finger went down. */
  #aimedAt: PrimaryAction['kind'] | null = null;
  /** What the button means as it is drawn; null: it is not drawn yet. */
  #means: PrimaryAction['kind'] | null = null;
  /** Whether it came to mean something else with this drawing. */
  #isOther = false;

  protected override render(): TemplateResult {
    const update = this.#update.value;
    return html`<article aria-labelledby="name" data-end=${endOf(update)}>
      ${this.#header(update)}
      ${
        hasProgress(update)
          ? html`<update-progress .app=${this.app} .device=${this.device}></update-progress>`
          : html`<device-face .face=${deviceFace(this.device, this.#check.value, this.#library.value)}></device-face>`
      }
      ${this.#status(update)} ${this.#actions()} ${this.#checked(update)}
      <device-doctor .app=${this.app} .device=${this.device}></device-doctor>
      <device-fit id="fit" .app=${this.app} .device=${this.device} ?updates=${this.#means === 'update'}></device-fit>
    </article>`;
  }

  /** What stands below the buttons may go with the press; the cards beneath this one must not move up for it. */
  protected override willUpdate(): void {
    this.#heard = heardOf(this.#heard, this.#update.value);
    this.#isAddition = onlyAddsProgram(this.#check.value, this.#drawn);
    this.#drawn = this.#check.value;
    this.#keepHeight();
  }

  /** Where the button came to mean something else, focus goes to the heading: a key pressed once more starts nothing. */
  protected override updated(): void {
    this.#keepHeight();
    if (this.#isOther && this.shadowRoot?.activeElement?.matches('.primary') === true) focusOn(this.heading);
  }

  #keepHeight(): void {
    const { kind } = this.#update.value;
    if (this.article !== null && (kind === 'preparing' || kind === 'running')) {
      this.article.style.minHeight = `${this.article.offsetHeight}px`;
    }
  }

  get #seen(): Seen {
    const fit = this.#fits.value.get(this.device.id) ?? null;
    return { update: this.#update.value, chosen: this.#chosen.value, doctor: this.#doctor.value, fit };
  }

  #header(update: UpdateView): TemplateResult {
    const { name, typed, lastSeen } = this.device;
    const standing = standingOf(update, this.#check.value);
    return html`<header>
      <h2 id="name">${name}</h2>
      <p class="small soft one-line">
        ${stateDot(standing)} ${standingWord(standing)}<span> · </span><span class="mono">${typed}</span>${
          lastSeen === null ? null : html`<span> · ${seenText(lastSeen, this.#minute.value)}</span>`
        }
      </p>
      ${this.#runs()}
    </header>`;
  }

  #runs(): TemplateResult {
    const { runs, ranBefore } = this.device;
    if (runs === null) {
      const told = this.app.checks.identity(this.device)?.version ?? null;
      if (told !== null) return html`<p class="one-line">${REPORTS.before} <b>${told}</b>${REPORTS.after}</p>`;
      return ranBefore === null
        ? html`<p class="soft one-line">${RUNS_UNKNOWN}</p>`
        : html`<p class="one-line">${HAD.before} <b>${versionText(ranBefore)}</b>${HAD.after}</p>`;
    }
    return html`<p class="numbers one-line">
      ${runsLabel(runs)} <b>${versionText(runs)}</b>
      <span class="soft">${sinceText(runs, dayInWords(runs.at, this.#minute.value))}</span>
    </p>`;
  }

  /** Always in the page, so that a screen reader hears what comes to stand in it. At rest it has the last answer. */
  #status(update: UpdateView): TemplateResult {
    const explained = this.#doctor.value.kind !== 'nothing';
    const { tone, shape, title, detail, far } = statusOf(update, this.#isExplained);
    const said = update.kind === 'rest' ? checkText(this.#check.value, explained) : detail;
    const [above, below] = parted(said);
    const small = (part: string) => part && html`<span class="small">${part}</span>`;
    const stop = (next: string) => html`<span class="off-screen">. ${next}</span>`;
    const isAloud = this.#heard.isAloud && !(this.#isAddition && update.kind === 'rest');
    // Inline elements only: no white space may come before the outcome's words.
    return html`<span class="status" role="status" aria-live=${isAloud ? 'polite' : 'off'}
      ><span class="say ${tone}"
        >${shape}<span
          >${title === '' ? null : html`<strong>${title}${far === undefined ? null : html`<span class="numbers" aria-hidden="true">${far}</span>`}</strong>`}${title && said && stop('')}${small(above)}</span
        ></span
      >${below === '' ? null : html`<span class="long">${small(below)}</span>`}${this.#heard.isBack ? stop(CONTINUES) : null}</span
    >`;
  }

  /** The doctor tells why it failed: one failure has one reason. */
  get #isExplained(): boolean {
    const view = this.#doctor.value;
    return view.kind === 'found' && view.finding.kind !== 'answers' && view.finding.sentence !== '';
  }

  #actions(): TemplateResult {
    const action = primaryAction(this.app, this.device, this.#seen, this);
    this.#isOther = this.#means !== null && isAnother(action.kind, this.#means);
    this.#means = action.kind;
    return html`<div class="actions">
      <button
        class="primary ${action.isNext ? 'next' : ''}"
        aria-describedby=${action.kind === 'update' ? 'fit' : nothing}
        ?disabled=${action.disabled}
        @pointerdown=${() => (this.#aimedAt = action.kind)}
        @click=${(event: MouseEvent) => this.#press(event, action)}
      >
        ${action.label}
      </button>
      <action-menu .items=${this.#items} .label=${moreLabel(this.device.name)}></action-menu>
    </div>`;
  }

  readonly #items = (): readonly MenuItem[] =>
    deviceMenu(this.app, this.device, { ...this.#seen, files: this.#library.value }, this);

  /** A button that comes to mean something else under the finger does nothing, and neither does the second of two taps. */
  #press({ detail }: MouseEvent, action: PrimaryAction): void {
    const aimedAt = this.#aimedAt;
    this.#aimedAt = null;
    const byPointer = detail > 0 && aimedAt !== null;
    if (detail > 1 || (byPointer && aimedAt !== action.kind)) return;
    action.press();
  }

  /** What an answer means for the next update, and an answer that came after an update's end. */
  #checked(update: UpdateView): TemplateResult | null {
    const check = this.#check.value;
    if (!isCheckNews(check, update)) return null;
    const note = check.kind === 'answered' ? check.note : null;
    return html`${
      update.kind === 'rest'
        ? null
        : html`<p class="small" aria-live="polite">${checkText(check, this.#doctor.value.kind !== 'nothing')}</p>`
    }
    ${note === null ? null : html`<p class="note small">${note}</p>`}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'device-card': DeviceCard;
  }
}
