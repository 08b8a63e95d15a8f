import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ReadableAtom } from 'nanostores';
import { repeat } from 'lit/directives/repeat.js';
import type { App } from '../../state/app.ts';
import { EVERY_DEVICE, groupsOf, passes, versionsOf, type DeviceFilter } from '../../state/device/device-choice.ts';
import { runsInWords } from '../../words/device/runs.ts';
import { shownCount } from '../../words/device/list/device-filter.ts';
import { SEARCH } from '../../words/kit/fields.ts';
import { DEVICES } from '../../words/kit/places.ts';
import { SENDING_TO_HOST } from '../../words/kit/sending-to-host.ts';
import {
  CHIP_NOT_KNOWN,
  chosenText,
  HAS_IT,
  HOW_IT_GOES,
  needText,
  otherProductText,
  TOOK_IT,
  NO_DEVICES,
  updateLabel,
  whichLabel,
} from '../../words/rollout/rollout-choice.ts';
import { optionsText } from '../../words/rollout/rollout-options.ts';
import { needOf, tally, whyNot } from '../../state/rollout/rollout-need.ts';
import type { Device } from '../../model/device/device.ts';
import type { Fit } from '../../model/firmware/fit.ts';
import type { RolloutOptions } from '../../model/rollout/rollout-record.ts';
import '../device/chip-question.ts';
import type { ChipQuestionParts } from '../device/chip-question.ts';
import { standingOf } from '../device/standing.ts';
import { BarHeight } from '../kit/bar-height.ts';
import { stateDot, stateDots, standingWord } from '../device/state-dot.ts';
import { choiceFields } from './choice-fields.ts';
import { choiceStyles } from './choice-styles.ts';
import { DEFAULT_OPTIONS } from './rollout-options.ts';
import './rollout-options.ts';
import { StartRolloutEvent } from './start-rollout-event.ts';
import { Slices } from '../kit/watch/slices.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { fields } from '../kit/style/fields.ts';
import { fold, folds } from '../kit/style/fold.ts';
import { Watch } from '../kit/watch/watch.ts';
import { WatchAll } from '../kit/watch/watch-all.ts';

/** A line is a label and a checkbox: some 0.2 ms each on a laptop. */
const LINES_IN_A_TASK = 48;

/** What of the app the choice of devices draws from. */
export type RolloutChoiceParts = Pick<App, 'checks' | 'devices' | 'firmware' | 'fits' | 'setup' | 'updates'> &
  ChipQuestionParts;

/** Which devices, and how: everything that is decided before a rollout. */
@customElement('rollout-choice')
export class RolloutChoice extends LitElement {
  static override styles = [base, buttons, fields, folds, stateDots, choiceStyles];

  @property({ attribute: false }) app!: RolloutChoiceParts;
  /** How much of the file is on its way to the host, in percent; null: nothing is. */
  @property({ attribute: false }) handedOver: number | null = null;
  @state() filter: DeviceFilter = EVERY_DEVICE;
  /** What the person has ticked or cleared, by device. The others are chosen where they need the file. */
  @state() ticked: ReadonlyMap<string, boolean> = new Map();
  @state() options: RolloutOptions = DEFAULT_OPTIONS;
  /** Whether a phone shows the search. */
  @state() finds = false;
  readonly #devices = new Watch(this, () => this.app.devices.$devices);
  readonly #fits = new Watch(this, () => this.app.fits.$fits);
  readonly #chosen = new Watch(
    this,
    () => this.app.firmware.$chosen,
    (now) => now.kind === 'ready',
  );
  /** What was ticked by hand was ticked for this file, by its hash. */
  #tickedFor: string | null = null;
  readonly #slices = new Slices(this, LINES_IN_A_TASK);

  /** Only side by side do the options leave room for the list: in a narrower window they open with a tap. */
  readonly #isWide = window.matchMedia('(min-width: 1000px)').matches;

  constructor() {
    super();
    this.addController(new BarHeight('--end', () => this.renderRoot.querySelector('.end')));
    const checks = (): readonly ReadableAtom<unknown>[] =>
      this.#devices.value.map(({ id }) => this.app.checks.$check(id));
    new WatchAll(this, checks, () => this.requestUpdate());
  }

  protected override willUpdate(): void {
    const { value } = this.#chosen;
    if (value.kind === 'ready' && value.firmware.sha256 !== this.#tickedFor) {
      this.#tickedFor = value.firmware.sha256;
      // A device that needs the new file is chosen anyway; one that does not was ticked for the other file. What was
      // cleared by hand stays cleared for both.
      this.ticked = new Map([...this.ticked].filter(([, wanted]) => !wanted));
    }
    // What is filtered for may be gone with its last device; then nothing would be shown, and no choice to take it back.
    const { group, runs } = this.filter;
    const devices = this.#devices.value;
    if (group !== null && !groupsOf(devices).includes(group)) this.filter = { ...this.filter, group: null };
    const versions = versionsOf(devices);
    // One version alone is no choice, and has no field.
    if (runs !== null && (versions.length < 2 || !versions.includes(runs)))
      this.filter = { ...this.filter, runs: null };
  }

  protected override render(): TemplateResult {
    const devices = this.#devices.value;
    if (devices.length === 0)
      return html`<p>${NO_DEVICES.before}<a href="#/devices">${NO_DEVICES.link}</a>${NO_DEVICES.after}</p>`;
    const shown = devices.filter((device) => passes(device, this.filter));
    const free = shown.filter((device) => this.#isForAll(device));
    const whole = free.length > 0 && free.every((device) => this.#isChosen(device));
    const some = shown.some((device) => this.#isChosen(device));
    const ids = devices.filter((device) => this.#isChosen(device)).map(({ id }) => id);
    return html`<p class="how soft">${HOW_IT_GOES}</p>
      <chip-question .app=${this.app}></chip-question>
      ${this.#filters(devices)}
      <div>
        <label class="choice">
          <input
            type="checkbox"
            .checked=${whole}
            .indeterminate=${some && !whole}
            ?disabled=${free.length === 0}
            @change=${() => this.#choose(free, !whole)}
          />
          ${whichLabel(shown.length, devices.length)}
        </label>
        <ul aria-label=${DEVICES}>
          ${repeat(
            this.#slices.of(shown),
            ({ id }) => id,
            (device) => this.#line(device),
          )}
        </ul>
      </div>
      <div class="end">
        <details ?open=${this.#isWide}>
          <summary class="small">${optionsText(this.options)}</summary>
          <rollout-options
            .options=${this.options}
            @change=${(event: Event & { readonly currentTarget: { readonly options: RolloutOptions } }) =>
              (this.options = event.currentTarget.options)}
          ></rollout-options>
        </details>
        <p class="small numbers" role="status">
          ${
            this.handedOver === null
              ? `${chosenText(ids.length, devices.length)} ${needText(tally(devices, this.#fits.value))}`
              : html`${SENDING_TO_HOST}<span aria-hidden="true">, ${this.handedOver} %</span>`
          }
        </p>
        <button class="next" ?disabled=${ids.length === 0 || this.handedOver !== null} @click=${() => this.#go(ids)}>
          ${updateLabel(ids.length)}
        </button>
      </div>`;
  }

  #filters(devices: readonly Device[]): TemplateResult {
    const shown = devices.filter((device) => passes(device, this.filter)).length;
    // What is searched for stays to be seen while the search is folded away.
    const found = shownCount(shown, devices.length);
    return html`<div>
      ${fold(found === '' ? SEARCH : found, this.finds, () => (this.finds = !this.finds))}
      <div class="filters folded">
        ${choiceFields(devices, this.filter, (change) => (this.filter = { ...this.filter, ...change }))}
      </div>
    </div>`;
  }

  #line(device: Device): TemplateResult {
    const { id, name, typed, group, chipId } = device;
    const fit = this.#fits.value.get(id) ?? null;
    const misfit = whyNot(device, this.#fits.value);
    const need = needOf(device, this.#fits.value);
    const doubt = this.#doubt(device, fit);
    const standing = standingOf(this.app.updates.$update(id).get(), this.app.checks.$check(id).get());
    const chip = this.app.setup.chips.find((each) => each.id === chipId)?.name;
    return html`<li>
      <label class="choice">
        <input
          type="checkbox"
          .checked=${this.#isChosen(device)}
          ?disabled=${misfit !== null}
          @change=${() => this.#choose([device], !this.#isChosen(device))}
        />
        <span class="who"
          ><b>${name}</b
          ><span class="small soft"
            >${stateDot(standing)} ${[standingWord(standing), chip, group].filter(Boolean).join(' · ')} ·
            <span class="mono">${typed}</span></span
          >${doubt === null ? null : html`<span class="small misfit">${doubt}</span>`}</span
        >
        <span class="small soft numbers"
          >${
            need === 'has'
              ? HAS_IT
              : need === 'took'
                ? TOOK_IT
                : misfit === null && fit?.unknownChip
                  ? CHIP_NOT_KNOWN
                  : runsInWords(device)
          }</span
        >
      </label>
    </li>`;
  }

  /** What speaks against it, in short. What is wrong with the file itself is said once, with the file. */
  #doubt(device: Device, fit: Fit | null): string | null {
    if (fit === null || needOf(device, this.#fits.value) === 'has') return null;
    const misfit = whyNot(device, this.#fits.value);
    if (misfit !== null) return misfit.of === 'file' ? null : this.app.firmware.misfitInWords(misfit);
    return fit.misfit === null && fit.otherProduct === null ? null : otherProductText(fit.otherProduct);
  }

  /** Whether the box over the list ticks this device, too. One that runs another product has to be ticked by itself. */
  #isForAll(device: Device): boolean {
    const need = needOf(device, this.#fits.value);
    return need !== 'other' && whyNot(device, this.#fits.value) === null;
  }

  #choose(devices: readonly Device[], wanted: boolean): void {
    this.ticked = new Map([...this.ticked, ...devices.map(({ id }) => [id, wanted] as const)]);
  }

  /** Devices that do not need the file are not chosen at first; any that can take it may be ticked. */
  #isChosen(device: Device): boolean {
    const fits = this.#fits.value;
    return whyNot(device, fits) === null && (this.ticked.get(device.id) ?? needOf(device, fits) === 'needs');
  }

  #go(ids: readonly string[]): void {
    this.dispatchEvent(new StartRolloutEvent(ids, this.options));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rollout-choice': RolloutChoice;
  }
}
