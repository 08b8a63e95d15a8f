import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { AgentTarget } from '../../model/agent/agent-view.ts';
import type { WholeApp } from '../../state/app.ts';
import type { AgentShown, AgentState } from '../../state/jobs/agent-state.ts';
import { $minute } from '../../state/minute.ts';
import { RESUME } from '../../words/kit/buttons.ts';
import {
  agentRefusedText,
  agentTroubleText,
  assignedText,
  connectionText,
  INSTALL_OFFER,
  installLabel,
  moreTargetsText,
  PAUSE_AGENT,
  PAUSE_MEANS,
  pausedText,
  reportedText,
  ROLLOUT_SERVER,
} from '../../words/more/agent-panel.ts';
import { sections } from '../section-styles.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { Watch } from '../kit/watch/watch.ts';

/** What of the app the agent's part of “More” draws from. */
export type AgentPanelParts = Pick<WholeApp, 'jobs'>;

/** The rollout server's agent in the host: how it stands, what each device is assigned, and what a person may say to it. */
@customElement('agent-panel')
export class AgentPanel extends LitElement {
  static override styles = [
    base,
    buttons,
    sections,
    css`
      li {
        padding: calc(2 * var(--u)) 0;
        border-top: 1px solid var(--line);
        overflow-wrap: anywhere;
      }
      li button {
        margin-block: calc(2 * var(--u));
      }
      ul {
        margin-top: calc(4 * var(--u));
      }
    `,
  ];

  @property({ attribute: false }) app!: AgentPanelParts;
  @state() shown: AgentShown | null = null;
  readonly #now = new Watch(this, () => $minute);
  #agent: AgentState | null = null;
  #looking: AbortController | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#looking = new AbortController();
    void this.#follow(this.#looking.signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#looking?.abort();
  }

  protected override render(): TemplateResult | null {
    const { view = null, trouble = null, refused = null } = this.shown ?? {};
    if (view === null) return null;
    const now = this.#now.value;
    const { pausedAt, targets, more } = view;
    return html`<h2>${ROLLOUT_SERVER}</h2>
      <p>${connectionText(view, now)}</p>
      <p role="status">${trouble === null ? null : agentTroubleText(trouble)}</p>
      <p>${pausedAt === null ? PAUSE_MEANS : pausedText(pausedAt, now)}</p>
      <p>
        <button @click=${() => this.#order(pausedAt === null ? { kind: 'pause' } : { kind: 'resume' })}>
          ${pausedAt === null ? PAUSE_AGENT : RESUME}
        </button>
      </p>
      <p role="alert">${refused === null ? null : agentRefusedText(refused)}</p>
      <ul aria-label=${ROLLOUT_SERVER}>
        ${targets.map((target) => this.#line(target, now))}
      </ul>
      ${more === 0 ? null : html`<p class="soft">${moreTargetsText(more)}</p>`}`;
  }

  #line(target: AgentTarget, now: number): TemplateResult {
    const { name, controllerId, assignment } = target;
    const reported = reportedText(target, now);
    return html`<li>
      <p>${name} <span class="small soft mono">${controllerId}</span></p>
      <p>${assignedText(target, now)}</p>
      ${
        assignment?.standing === 'offer'
          ? html`<button
              aria-label=${installLabel(target)}
              @click=${() => this.#order({ kind: 'install', controllerId, action: assignment.action })}
            >
              ${INSTALL_OFFER}
            </button>`
          : null
      }
      ${reported === null ? null : html`<p class="small soft">${reported}</p>`}
    </li>`;
  }

  #order(order: Parameters<AgentState['order']>[0]): void {
    void this.#agent?.order(order);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    // It stands in the page before its code is there, and has its properties only then.
    await this.updateComplete;
    const agent = (await this.app.jobs.loaded())?.agent ?? null;
    if (agent === null || signal.aborted) return;
    this.#agent = agent;
    const stop = agent.$shown.subscribe((shown) => (this.shown = shown));
    await agent.follow(signal);
    stop();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'agent-panel': AgentPanel;
  }
}
