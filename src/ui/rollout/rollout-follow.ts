import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { COPY_AS_LINK } from '../../words/kit/buttons.ts';
import { HOST_AWAY, HOST_RUNS } from '../../words/kit/host-meanwhile.ts';
import { FOLLOW_ROLLOUT, FOLLOW_ROLLOUT_CODE, followRolloutText } from '../../words/rollout/rollout-follow.ts';
import type { JobRef } from '../../model/page/job-calls.ts';
import '../kit/copy-button.ts';
import '../kit/qr-code.ts';
import { rolloutLink } from '../shell/routes.ts';
import { base } from '../kit/style/base.ts';

/** Of a rollout that the host runs: that it does, and what leads another phone to it. */
@customElement('rollout-follow')
export class RolloutFollow extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: calc(2 * var(--u));
        justify-items: start;
      }
      summary {
        min-height: var(--target);
        align-content: center;
        cursor: pointer;
      }
      div {
        display: grid;
        gap: calc(3 * var(--u));
        max-width: 60ch;
      }
      qr-code {
        width: min(100%, 320px);
      }
    `,
  ];

  @property({ attribute: false }) onHost: 'heard' | 'away' = 'heard';
  @property({ attribute: false }) hasEnded = false;
  @property({ attribute: false }) ref: JobRef | null = null;

  protected override render(): TemplateResult {
    const { hasEnded, onHost, ref } = this;
    return html`${hasEnded ? null : html`<p>${onHost === 'heard' ? HOST_RUNS : HOST_AWAY}</p>`}
    ${ref === null ? null : this.#link(rolloutLink(window.location.origin + window.location.pathname, ref))}`;
  }

  #link(link: string): TemplateResult {
    return html`<details>
      <summary>${FOLLOW_ROLLOUT}</summary>
      <div>
        <p>${followRolloutText(window.location.host)}</p>
        <qr-code .text=${link} .label=${FOLLOW_ROLLOUT_CODE}></qr-code>
        <copy-button .text=${link}>${COPY_AS_LINK}</copy-button>
      </div>
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rollout-follow': RolloutFollow;
  }
}
