import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '../../state/app.ts';
import type { Activity } from '../../model/page/activity.ts';
import type { ActivityState } from '../../state/activity/activity-state.ts';
import { CLOSE } from '../../words/kit/buttons.ts';
import {
  endText,
  headlineOf,
  OPEN,
  runningText,
  subjectText,
  TELL_ME,
  UNDER_WAY,
  watchText,
} from '../../words/shell/status-bar.ts';
import { needsAttentionShape, workingShape } from '../kit/style/icons.ts';
import { outcomeTone, toneShape, type Tone } from '../kit/style/outcome-shape.ts';
import type { RouteName } from './routes.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { WatchLate } from '../kit/watch/watch-late.ts';

/** What of the app the bar draws from. */
export type StatusBarParts = Pick<App, 'activity'>;

type Shown = Exclude<Activity, { kind: 'idle' }>;

/**
 * Shown in every view while anything runs: what, how far, and how long still; then how it ended. Defined once something
 * has run.
 */
@customElement('status-bar')
export class StatusBar extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .bar {
        position: relative;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 calc(3 * var(--u));
        min-height: 56px;
        padding: var(--u) calc(4 * var(--u));
        border-top: 1px solid var(--line);
        background: var(--sheet);
      }
      .bar > .icon {
        color: var(--ink-soft);
      }
      .bar.good > .icon {
        color: var(--accent);
      }
      .bar.needs > .icon {
        color: var(--amber);
      }
      .bar.bad > .icon {
        color: var(--red);
      }
      .bar.good {
        background: var(--accent-wash);
      }
      .bar.needs {
        background: var(--amber-wash);
      }
      .bar.bad {
        background: var(--red-wash);
      }
      .said {
        flex: 1 1 0;
        min-width: 12ch;
        overflow-wrap: anywhere;
      }
      .said b {
        font-weight: 600;
      }
      .said span {
        display: block;
        font-size: var(--small);
        color: var(--ink-soft);
      }
      .acts {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        margin-inline-start: auto;
      }
      .acts a {
        display: inline-flex;
        align-items: center;
        min-height: var(--target);
        padding: 0 calc(3 * var(--u));
        font-weight: 500;
        text-decoration: none;
      }
      .far {
        position: absolute;
        top: -1px;
        left: 0;
        width: 100%;
        height: 2px;
        fill: var(--accent);
      }
      @media (forced-colors: active) {
        .far {
          fill: Highlight;
        }
      }
    `,
  ];

  @property({ attribute: false }) app!: StatusBarParts;
  @property() route: RouteName = 'devices';
  @state() activity: Activity = { kind: 'idle', watch: null };
  @state() offers = false;
  readonly #made = new WatchLate<ActivityState>(
    this,
    async () => (await this.app.activity?.()) ?? null,
    ({ $activity, $offersNotification }) => [
      $activity.subscribe((activity) => (this.activity = activity)),
      $offersNotification.subscribe((offers) => (this.offers = offers)),
    ],
  );

  /** Whether the place that was open at the end said it: whoever leaves it then does not hear it again. */
  #isSaidThere = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('activity');
    const { activity } = this;
    if (activity.kind !== 'ended' || before === undefined || before.kind === 'ended') return;
    this.#isSaidThere = this.route === placeOf(activity);
  }

  protected override render(): TemplateResult {
    const { activity } = this;
    // The live region is always in the page, so that a screen reader hears what comes to stand in it.
    return html`<section aria-label=${UNDER_WAY} ?hidden=${activity.kind === 'idle' && activity.watch === null}>
        ${activity.kind === 'idle' ? this.#watched(activity) : this.#bar(activity)}
      </section>
      <p class="off-screen" role="status">${this.#spoken(activity)}</p>`;
  }

  #bar(activity: Shown): TemplateResult {
    const tone = toneOf(activity);
    return html`<div class="bar ${tone}">
      ${
        activity.kind === 'running'
          ? html`<svg class="far" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
              <path d="M0 0h${activity.percent}v1H0z" />
            </svg>`
          : null
      }
      ${shapeOf(activity, tone)}
      <p class="said numbers">
        ${
          activity.kind === 'running'
            ? html`<b>${subjectText(activity)}</b> <span>${runningText(activity)}</span>`
            : html`<b>${endText(activity)}</b>
                ${activity.subject.kind === 'device' ? html`<span>${activity.subject.name}</span>` : null}`
        }
        ${watched(activity)}
      </p>
      <div class="acts">
        ${this.offers ? html`<button class="quiet" @click=${this.#ask}>${TELL_ME}</button>` : null}
        ${this.#open(activity)}
        ${activity.kind === 'ended' ? html`<button class="quiet" @click=${this.#close}>${CLOSE}</button>` : null}
      </div>
    </div>`;
  }

  #watched(activity: Activity): TemplateResult | null {
    if (activity.watch === null) return null;
    return html`<div class="bar">
      <p class="said">${watched(activity)}</p>
      ${this.route === 'firmware' ? null : html`<div class="acts"><a href="#/firmware">${OPEN}</a></div>`}
    </div>`;
  }

  /** A link to the view that shows it; nothing in that view itself. */
  #open(activity: Shown): TemplateResult | null {
    const place = placeOf(activity);
    return this.route === place ? null : html`<a href="#/${place}">${OPEN}</a>`;
  }

  /** The end alone, and not where the card or the rollout says it aloud. */
  #spoken(activity: Activity): string | typeof nothing {
    return activity.kind === 'ended' && !this.#isSaidThere ? headlineOf(activity) : nothing;
  }

  #ask(): void {
    void this.#made.value?.askForNotification();
  }

  #close(): void {
    this.#made.value?.dismiss();
  }
}

function placeOf({ subject }: Shown): RouteName {
  return subject.kind === 'rollout' ? 'rollout' : 'devices';
}

function watched({ watch }: Activity): TemplateResult | null {
  return watch === null ? null : html`<span>${watchText(watch.name, watch.event)}</span>`;
}

function toneOf(activity: Shown): Tone {
  if (activity.kind === 'running') return activity.isHeld ? 'needs' : 'calm';
  if (activity.outcome !== null) return outcomeTone(activity.outcome);
  if (activity.failed > 0) return 'bad';
  return activity.skipped + activity.notStarted > 0 ? 'needs' : 'good';
}

function shapeOf(activity: Shown, tone: Tone): TemplateResult {
  if (activity.kind === 'running') return html`${activity.isHeld ? needsAttentionShape : workingShape}`;
  return html`${toneShape(tone)}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'status-bar': StatusBar;
  }
}
