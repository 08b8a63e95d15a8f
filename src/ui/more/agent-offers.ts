import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import type { AgentState } from '../../state/jobs/agent-state.ts';
import { offersText, SHOW } from '../../words/more/agent-offers.ts';
import { placeIn } from '../shell/routes.ts';
import { base } from '../kit/style/base.ts';
import { WatchLate } from '../kit/watch/watch-late.ts';

/** What of the app the line is drawn from. */
export type AgentOffersParts = Pick<WholeApp, 'jobs'>;

/** An offer waits for hours; somebody who has the page open for something else needs to see it soon, and not at once. */
const EVERY_MS = 10_000;

/**
 * One quiet line over the foot of the page while a rollout server's update waits for a person. Loaded where the host has
 * an agent. It lies over the page, and moves nothing.
 */
@customElement('agent-offers')
export class AgentOffers extends LitElement {
  static override styles = [
    base,
    css`
      p {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: calc(3 * var(--u));
        min-height: var(--target);
        padding-inline: var(--gutter);
        border-top: 1px solid var(--line);
        background: var(--sheet);
        font-size: var(--small);
      }
      span {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      a {
        flex: none;
        display: inline-flex;
        align-items: center;
        min-height: var(--target);
        padding-inline: calc(2 * var(--u));
        margin-inline-end: calc(-2 * var(--u));
        font-weight: 500;
      }
    `,
  ];

  @property({ attribute: false }) app!: AgentOffersParts;
  @state() offered: string | null = null;
  readonly agent = new WatchLate<AgentState>(
    this,
    async () => (await this.app.jobs.loaded())?.agent ?? null,
    (agent) => {
      const looking = new AbortController();
      void agent.follow(looking.signal, EVERY_MS);
      return [
        agent.$shown.subscribe(({ view }) => (this.offered = offersText(view?.targets ?? []))),
        () => looking.abort(),
      ];
    },
  );

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.#arrived);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#arrived);
  }

  readonly #arrived = (): void => this.requestUpdate();

  protected override render(): TemplateResult {
    // “More” shows the offers itself.
    const isSeen = this.offered !== null && placeIn(window.location.hash).route !== 'more';
    // The live region is always in the page, so that a screen reader hears what comes to stand in it.
    return html`<div role="status">
      ${isSeen ? html`<p><span>${this.offered}</span> <a href="#/more">${SHOW}</a></p>` : null}
    </div>`;
  }
}

/** Once, however often the host says that it has an agent. */
export function showOffers(app: AgentOffersParts, shell: HTMLElement): void {
  const foot = shell.shadowRoot?.querySelector('.foot');
  if (foot?.querySelector('agent-offers') !== null) return;
  const offers = new AgentOffers();
  offers.app = app;
  foot.prepend(offers);
}

declare global {
  interface HTMLElementTagNameMap {
    'agent-offers': AgentOffers;
  }
}
