import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { ReadableAtom } from 'nanostores';
import { repeat } from 'lit/directives/repeat.js';
import type { App } from '../../../state/app.ts';
import { versionInWords } from '../../../words/device/runs.ts';
import { firmwareName } from '../../../state/update/update-view.ts';
import type { Device } from '../../../model/device/device.ts';
import { shownCount } from '../../../words/device/list/device-filter.ts';
import { attentionText, CHECK_ALL, FIND, SORT, SORTS } from '../../../words/device/list/device-list.ts';
import { DEVICES } from '../../../words/kit/places.ts';
import { Slices } from '../../kit/watch/slices.ts';
import { base } from '../../kit/style/base.ts';
import { buttons } from '../../kit/style/buttons.ts';
import { fields } from '../../kit/style/fields.ts';
import { fold, folds } from '../../kit/style/fold.ts';
import { Watch } from '../../kit/watch/watch.ts';
import { WatchAll } from '../../kit/watch/watch-all.ts';
import { AllChecked } from './all-checked.ts';
import { inOrder, SORT_KEYS, type SortKey } from './device-order.ts';
import { listStyles } from './list-styles.ts';
import './device-row.ts';
import type { DeviceRow, DeviceRowParts } from './device-row.ts';
import { rowAfter } from './row-keys.ts';
import { needsAttention, standingOf, type Standing } from '../standing.ts';

export type DeviceListParts = DeviceRowParts & Pick<App, 'checks' | 'firmware' | 'updates'>;

/** A row costs some 0.6 ms on a laptop and four times that on a phone; a task stays under 50. */
const ROWS_IN_A_TASK = 20;

/** From this many on, a wide window shows them in several columns: two hundred fit three screens. */
const DENSE_FROM = 61;

/** Many devices, a line each: sorted when it is asked for and never by itself, so that no row moves under a finger. */
@customElement('device-list')
export class DeviceList extends LitElement {
  static override styles = [base, buttons, fields, folds, listStyles];

  @property({ attribute: false }) app!: DeviceListParts;
  /** Those that are to be seen. */
  @property({ attribute: false }) devices: readonly Device[] = [];
  /** How many there are in all. */
  @property({ attribute: false }) total = 0;
  @state() sort: SortKey = 'attention';
  @state() open: string | null = null;
  /** Whether a phone shows the search and the order above them. */
  @state() finds = false;
  @state() current: string | null = null;
  /** How many need attention now; the order may be from before. */
  @state() attention = 0;

  @query('ul') readonly list!: HTMLElement;

  readonly #chosen = new Watch(
    this,
    () => this.app.firmware.$chosen,
    (now, before) => now.kind !== 'reading' || before.kind !== 'reading',
  );
  readonly #slices = new Slices(this, ROWS_IN_A_TASK);
  readonly #checked = new AllChecked(this, () => this.#count());
  #order: readonly string[] = [];

  constructor() {
    super();
    const standings = (): readonly ReadableAtom<unknown>[] =>
      this.devices.flatMap(({ id }) => [this.app.updates.$update(id), this.app.checks.$check(id)]);
    new WatchAll(this, standings, () => this.#count());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('devices') && !changed.has('sort')) return;
    const known = new Set(this.#order);
    if (changed.has('sort') || this.devices.some(({ id }) => !known.has(id))) this.#sortNow();
    if (changed.has('devices')) this.#count();
  }

  protected override render(): TemplateResult {
    const chosen = this.#chosen.value;
    const sent =
      chosen.kind === 'ready' && chosen.firmware.inspection.verdict !== 'refuse' ? firmwareName(chosen.firmware) : null;
    const byId = new Map(this.devices.map((device) => [device.id, device]));
    const shown = this.#order.flatMap((id) => byId.get(id) ?? []);
    const current = shown.some(({ id }) => id === this.current) ? this.current : (shown[0]?.id ?? null);
    // What is searched for stays to be seen while the search is folded away.
    const found = shownCount(this.devices.length, this.total);
    return html`<div class="tools">
        ${fold(found === '' ? FIND : found, this.finds, () => (this.finds = !this.finds))}
        <slot class="folded"></slot>
        <label class="sort small folded">
          ${SORT}
          <select @change=${this.#choose}>
            ${SORT_KEYS.map((key) => html`<option value=${key} ?selected=${key === this.sort}>${SORTS[key]}</option>`)}
          </select>
        </label>
        <button class="end" @click=${this.#checkAll}>${CHECK_ALL}</button>
        <span role="status" aria-live=${this.#checked.isAsking ? 'off' : 'polite'}
          >${
            this.attention === 0
              ? null
              : html`<button class="link" @click=${this.#toAttention}>${attentionText(this.attention)}</button>`
          }</span
        >
      </div>
      <p class="off-screen" aria-live="polite">${this.#checked.said}</p>
      <ul class=${shown.length >= DENSE_FROM ? 'dense' : ''} aria-label=${DEVICES} @keydown=${this.#move}>
        ${repeat(
          this.#slices.of(shown),
          ({ id }) => id,
          (device) =>
            html`<li class=${device.id === this.open ? 'open' : ''}>
              <device-row
                data-device=${device.id}
                .app=${this.app}
                .device=${device}
                .chosen=${sent}
                ?open=${device.id === this.open}
                ?current=${device.id === current}
                @toggle=${() => (this.open = this.open === device.id ? null : device.id)}
                @focusin=${() => (this.current = device.id)}
              ></device-row>
            </li>`,
        )}
      </ul>`;
  }

  #standing({ id }: Device): Standing {
    return standingOf(this.app.updates.$update(id).get(), this.app.checks.$check(id).get());
  }

  #sortNow(): void {
    this.#order = inOrder(this.devices, this.sort, (device) => this.#standing(device), versionInWords).map(
      ({ id }) => id,
    );
  }

  #choose(event: Event & { readonly currentTarget: HTMLSelectElement }): void {
    this.sort = SORT_KEYS[event.currentTarget.selectedIndex] ?? 'attention';
  }

  /** Those that need attention come to the top, and the first of them has the focus. */
  async #toAttention(): Promise<void> {
    this.sort = 'attention';
    this.#sortNow();
    this.requestUpdate();
    await this.updateComplete;
    this.#rows[0]?.focus();
  }

  #checkAll(): void {
    const { checks, updates } = this.app;
    // An update has its device in hand: no other question may go to it.
    const free = this.devices.filter(({ id }) => {
      const { kind } = updates.$update(id).get();
      return kind !== 'running' && kind !== 'preparing';
    });
    void this.#checked.ask(
      checks,
      free.map(({ id }) => id),
    );
  }

  #count(): void {
    this.attention = this.devices.filter((device) => needsAttention(this.#standing(device))).length;
  }

  get #rows(): readonly DeviceRow[] {
    return [...this.renderRoot.querySelectorAll('device-row')];
  }

  #move(event: KeyboardEvent): void {
    const rows = this.#rows;
    const at = rows.findIndex((row) => row.matches(':focus-within'));
    // In an opened card the keys are its own.
    if (at === -1 || (event.target instanceof Element && event.composedPath().some(isCard))) return;
    const columns = getComputedStyle(this.list).gridTemplateColumns.split(' ').length;
    const to = rowAfter(event.key, at, rows.length, columns);
    if (to === null) return;
    event.preventDefault();
    rows[to]?.focus();
  }
}

function isCard(target: EventTarget): boolean {
  return target instanceof Element && target.localName === 'device-card';
}

declare global {
  interface HTMLElementTagNameMap {
    'device-list': DeviceList;
  }
}
