import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { PAUSE, RESUME } from '../../words/kit/buttons.ts';
import { DEVICES } from '../../words/kit/places.ts';
import {
  CANCEL_ALL,
  CHOOSE_AGAIN,
  countsInWords,
  GO_ON,
  goOnLabel,
  NEEDS_ATTENTION,
  OTHERS,
  retryLabel,
  retrySkippedLabel,
  spokenInWords,
  standingInWords,
  STOP,
  STOP_AFTER_CURRENT,
} from '../../words/rollout/rollout-progress.ts';
import { countOfRest, countsOf, needsAttention } from '../../state/rollout/rollout-standing.ts';
import type { RolloutsState } from '../../state/rollout/rollouts.ts';
import type { RolloutLine } from '../../model/rollout/rollout-state.ts';
import './rollout-field.ts';
import './rollout-follow.ts';
import './rollout-line.ts';
import type { RolloutLineParts } from './rollout-line.ts';
import { Slices } from '../kit/watch/slices.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import type { RolloutView } from '../../model/rollout/rollout-view.ts';

/** A line is an element of its own: some 0.4 ms each on a laptop. */
const LINES_IN_A_TASK = 24;

/** What of the app a rollout under way draws from. */
export type RolloutProgressParts = RolloutLineParts;

/** How a rollout stands: at a glance, aloud, and device by device. */
@customElement('rollout-progress')
export class RolloutProgress extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: calc(3 * var(--u));
      }
      .standing {
        font-size: var(--large);
      }
      /* On a phone some of what is said while it runs takes two lines: the buttons stay where they are all the same. */
      @media (max-width: 719px) {
        .standing {
          min-height: calc(2 * 1.45 * var(--large));
        }
      }
      /* So do the counts where the phone is small. */
      @media (max-width: 374px) {
        .counts {
          min-height: calc(2 * 1.45 * var(--text));
        }
      }
      /* “Resume” is wider than “Pause”, and what stands beside it must not move. */
      .hold {
        min-width: 8em;
      }
      h2 {
        margin-bottom: var(--u);
        font-size: var(--text);
      }
      ul {
        border-bottom: 1px solid var(--line);
      }
      li {
        border-top: 1px solid var(--line);
        content-visibility: auto;
        contain-intrinsic-size: auto 44px;
      }
      @media (min-width: 1100px) {
        .many {
          display: grid;
          grid-template-columns: 1fr 1fr;
          column-gap: calc(8 * var(--u));
        }
      }
    `,
  ];

  @property({ attribute: false }) app!: RolloutProgressParts;
  @property({ attribute: false }) rollouts!: RolloutsState;
  @property({ attribute: false }) view!: Extract<RolloutView, { kind: 'running' | 'ended' }>;

  readonly #slices = new Slices(this, LINES_IN_A_TASK);

  protected override render(): TemplateResult {
    const { view } = this;
    const lines = [...view.state.lines];
    const needing = lines.filter(([, line]) => needsAttention(line));
    const others = lines.filter(([, line]) => !needsAttention(line));
    return html`<p class="standing" aria-hidden="true">${standingInWords(view)}</p>
      <p class="off-screen" role="status">${spokenInWords(view)}</p>
      <rollout-field .lines=${view.state.lines}></rollout-field>
      <p class="counts numbers">${countsInWords(countsOf(view.state))}</p>
      ${this.#host()}
      <div class="row">${view.kind === 'ended' ? this.#buttonsAtEnd() : this.#buttonsUnderWay()}</div>
      ${needing.length === 0 ? null : this.#list(NEEDS_ATTENTION, needing)}
      ${others.length === 0 ? null : this.#list(needing.length === 0 ? DEVICES : OTHERS, others)}`;
  }

  #host(): TemplateResult | null {
    const { rollouts, view } = this;
    if (view.onHost === undefined) return null;
    return html`<rollout-follow
      .onHost=${view.onHost}
      .hasEnded=${view.kind === 'ended'}
      .ref=${rollouts.ref}
    ></rollout-follow>`;
  }

  #list(title: string, lines: readonly (readonly [string, RolloutLine])[]): TemplateResult {
    const { app, rollouts, view } = this;
    return html`<section aria-label=${title}>
      <h2>${title} <span class="soft numbers">${lines.length}</span></h2>
      <ul class=${lines.length > 8 ? 'many' : ''}>
        ${repeat(
          this.#slices.of(lines),
          ([id]) => id,
          ([id, line]) =>
            html`<li>
              <rollout-line
                .app=${app}
                .describe=${rollouts.describe}
                .deviceId=${id}
                .version=${view.firmware.version}
                .line=${line}
              ></rollout-line>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #buttonsUnderWay(): TemplateResult {
    const { rollouts, view } = this;
    if (view.state.phase === 'asking') {
      return html`<button class="next" @click=${() => rollouts.answer('go-on')}>${GO_ON}</button>
        <button @click=${() => rollouts.answer('stop')}>${STOP}</button>`;
    }
    const cancel = html`<button class="quiet" @click=${() => rollouts.cancelAll()}>${CANCEL_ALL}</button>`;
    if (view.finishing) return cancel;
    return html`<button
        class="hold ${view.paused ? 'next' : ''}"
        @click=${() => (view.paused ? rollouts.resume() : rollouts.pause())}
      >
        ${view.paused ? RESUME : PAUSE}
      </button>
      <button @click=${() => rollouts.finish()}>${STOP_AFTER_CURRENT}</button>
      ${cancel}`;
  }

  #buttonsAtEnd(): TemplateResult {
    const { rollouts, view } = this;
    const { failed, skipped } = countsOf(view.state);
    const rest = countOfRest(view.state);
    return html`${
        failed === 0
          ? null
          : html`<button class="next" @click=${() => this.dispatchEvent(new Event('retry-failed'))}>
              ${retryLabel(failed)}
            </button>`
      }
      ${
        rest === 0
          ? null
          : html`<button
              class=${failed === 0 ? 'next' : ''}
              @click=${() => this.dispatchEvent(new Event('retry-rest'))}
            >
              ${rest === skipped ? retrySkippedLabel(rest) : goOnLabel(rest)}
            </button>`
      } <button @click=${() => rollouts.dismiss()}>${CHOOSE_AGAIN}</button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rollout-progress': RolloutProgress;
  }
}
