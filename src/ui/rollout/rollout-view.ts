import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import { DISCARD } from '../../words/kit/buttons.ts';
import { GO_ON, standingInWords } from '../../words/rollout/rollout-progress.ts';
import {
  GO_ON_ALL_THE_SAME,
  hostOfferText,
  notStartedText,
  offerText,
  rolloutTitle,
  UPDATE_MANY,
} from '../../words/rollout/rollout-view.ts';
import { givesWay } from '../../state/rollout/rollout-standing.ts';
import type { RolloutsState } from '../../state/rollout/rollouts.ts';
import { WantFirmwareEvent } from '../kit/events.ts';
import { needsAttentionShape } from '../kit/style/icons.ts';
import './rollout-choice.ts';
import type { RolloutChoiceParts } from './rollout-choice.ts';
import { StartRolloutEvent } from './start-rollout-event.ts';
import './rollout-progress.ts';
import type { RolloutProgressParts } from './rollout-progress.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { Watch } from '../kit/watch/watch.ts';
import type { NotStarted, RolloutView as View } from '../../model/rollout/rollout-view.ts';

/** What of the app the view of rollouts draws from. */
export type RolloutViewParts = Pick<WholeApp, 'firmware' | 'rollouts'> & RolloutChoiceParts & RolloutProgressParts;

/** One firmware to many devices: choosing, going on with what a reload left, and how it stands. */
@customElement('rollout-view')
export class RolloutView extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      h1 {
        margin-bottom: calc(3 * var(--u));
        font-size: var(--title);
      }
      .offer {
        display: grid;
        gap: calc(3 * var(--u));
        max-width: 60ch;
      }
      .before {
        margin-top: calc(6 * var(--u));
      }
      summary {
        padding-block: calc((var(--target) - 1.45 * var(--text)) / 2);
        cursor: pointer;
      }
      .trouble {
        display: flex;
        gap: calc(2 * var(--u));
        margin-bottom: calc(3 * var(--u));
        color: var(--amber);
      }
      .trouble:empty {
        display: none;
      }
    `,
  ];

  @property({ attribute: false }) app!: RolloutViewParts;
  @state() rollouts: RolloutsState | null = null;
  @state() view: View = { kind: 'none' };
  @state() refused: NotStarted | null = null;
  /** Percent; null: nothing is on its way to the host. */
  @state() handedOver: number | null = null;
  readonly #file = new Watch(this, () => this.app.firmware.$chosen);
  /** The file on the screen as the rollout ended under the person's eyes. */
  #atEnd: string | null = null;
  #unsubscribe: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener(StartRolloutEvent.type, this.#start);
    if (this.hasUpdated) void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener(StartRolloutEvent.type, this.#start);
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  /** Not at connecting: an element that is defined late gets its properties back only with its first update. */
  protected override firstUpdated(): void {
    void this.#open();
  }

  get #chosen(): string | null {
    const { value } = this.#file;
    return value.kind === 'ready' ? value.firmware.sha256 : null;
  }

  async #open(): Promise<void> {
    const rollouts = await this.app.rollouts.open();
    if (!this.isConnected || this.#unsubscribe !== null) return;
    this.rollouts = rollouts;
    // Once a frame is enough, however many devices change; a hidden page draws nothing.
    let waiting = false;
    const stop = rollouts.$handedOver.subscribe((percent) => (this.handedOver = percent));
    const stopView = rollouts.$rollout.subscribe((view) => {
      if (view.kind !== 'running' || this.view.kind !== 'running') {
        if (view.kind === 'ended' && this.view.kind === 'running') this.#atEnd = this.#chosen;
        this.view = view;
        return;
      }
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        this.view = rollouts.$rollout.get();
      });
    });
    this.#unsubscribe = () => {
      stop();
      stopView();
    };
  }

  protected override render(): TemplateResult | null {
    const { rollouts, view } = this;
    if (rollouts === null) return null;
    const before = givesWay(view, this.#chosen, this.#atEnd) ? view : null;
    return html`<h1 tabindex="-1">${before === null ? title(view) : UPDATE_MANY}</h1>
      <p class="trouble" role="alert">
        ${this.refused === null ? null : html`${needsAttentionShape}${notStartedText(this.refused)}`}
      </p>
      ${before === null ? this.#content(rollouts, view) : this.#next(rollouts, before)}`;
  }

  #content(rollouts: RolloutsState, view: View): TemplateResult {
    switch (view.kind) {
      case 'none':
        return html`<rollout-choice .app=${this.app} .handedOver=${this.handedOver}></rollout-choice>`;
      case 'offer':
        return this.#offer(rollouts, view);
      case 'running':
      case 'ended':
        return this.#progress(rollouts, view);
    }
  }

  #progress(rollouts: RolloutsState, view: Extract<View, { kind: 'running' | 'ended' }>): TemplateResult {
    return html`<rollout-progress
      .app=${this.app}
      .rollouts=${rollouts}
      .view=${view}
      @retry-failed=${() => this.#showRefusal(rollouts.retry('failed'))}
      @retry-rest=${() => this.#showRefusal(rollouts.retry('rest'))}
    ></rollout-progress>`;
  }

  /** The file on the screen comes first; how the one before ended is a tap away, named by its file. */
  #next(rollouts: RolloutsState, before: Extract<View, { kind: 'running' | 'ended' }>): TemplateResult {
    return html`<rollout-choice .app=${this.app} .handedOver=${this.handedOver}></rollout-choice>
      <details class="before">
        <summary>${rolloutTitle(nameOf(before))}. ${standingInWords(before)}</summary>
        ${this.#progress(rollouts, before)}
      </details>`;
  }

  #offer(rollouts: RolloutsState, { record, firmware, onHost }: Extract<View, { kind: 'offer' }>): TemplateResult {
    const what = firmware?.version ?? firmware?.name ?? record.firmwareName;
    return html`<div class="offer">
      <p>${offerText(record, what, Date.now())}</p>
      ${onHost === undefined ? null : html`<p>${hostOfferText(onHost)}</p>`}
      ${firmware === null ? html`<p>${notStartedText('file-gone')}</p>` : null}
      <div class="row">
        <button class="next" @click=${() => this.#showRefusal(rollouts.goOn())}>
          ${record.stopped === null ? GO_ON : GO_ON_ALL_THE_SAME}
        </button>
        <button class="quiet" @click=${() => rollouts.dropOffer()}>${DISCARD}</button>
      </div>
    </div>`;
  }

  readonly #start = (event: Event): void => {
    if (!(event instanceof StartRolloutEvent) || this.rollouts === null) return;
    if (this.app.firmware.firmware === null) this.dispatchEvent(new WantFirmwareEvent());
    this.#showRefusal(this.rollouts.start(event.devices, event.options));
  };

  /** The answer comes at once where a rollout could not begin, else when it ends; then it is null. */
  #showRefusal(answer: Promise<NotStarted | null>): void {
    this.refused = null;
    void answer.then((refused) => (this.refused = refused));
  }
}

function title(view: View): string {
  if (view.kind === 'none') return UPDATE_MANY;
  return rolloutTitle(nameOf(view));
}

function nameOf({ firmware }: Exclude<View, { kind: 'none' }>): string | null {
  return firmware?.version ?? firmware?.name ?? null;
}

declare global {
  interface HTMLElementTagNameMap {
    'rollout-view': RolloutView;
  }
}
