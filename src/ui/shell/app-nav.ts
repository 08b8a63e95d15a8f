import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { deviceIcon, firmwareIcon, historyIcon, moreIcon } from '../kit/style/icons.ts';
import type { RouteName } from './routes.ts';
import { MORE } from '../../words/kit/buttons.ts';
import { DEVICES, FIRMWARE, HISTORY, PLACES } from '../../words/kit/places.ts';
import { base } from '../kit/style/base.ts';

const LINKS = [
  { route: 'devices', name: DEVICES, icon: deviceIcon },
  { route: 'firmware', name: FIRMWARE, icon: firmwareIcon },
  { route: 'history', name: HISTORY, icon: historyIcon },
  { route: 'more', name: MORE, icon: moreIcon },
] as const;

/** The four places: a bar at the bottom of a phone, a row in the head of a wide window. */
@customElement('app-nav')
export class AppNav extends LitElement {
  static override styles = [
    base,
    css`
      ul {
        display: flex;
      }
      li {
        flex: 1;
      }
      a {
        display: flex;
        flex-direction: column;
        align-items: center;
        justify-content: center;
        gap: 2px;
        min-height: 56px;
        color: var(--ink-soft);
        font-size: var(--small);
        font-weight: 500;
        text-decoration: none;
        border-top: 2px solid transparent;
      }
      a[aria-current] {
        border-color: var(--accent);
        color: var(--accent);
      }
      @media (min-width: 720px) {
        a {
          flex-direction: row;
          gap: calc(2 * var(--u));
          padding: 0 calc(4 * var(--u));
          border-top: 0;
          border-bottom: 2px solid transparent;
        }
      }
      /* Every border is seen where colours are forced, also a transparent one. */
      @media (forced-colors: active) {
        a {
          border-color: Canvas;
        }
        a[aria-current] {
          border-color: Highlight;
          background: Highlight;
          color: HighlightText;
          forced-color-adjust: none;
        }
      }
    `,
  ];

  @property() route: RouteName = 'devices';

  protected override render(): TemplateResult {
    return html`<nav aria-label=${PLACES}>
      <ul>
        ${LINKS.map(
          ({ route, name, icon }) =>
            html`<li>
              <a href="#/${route}" aria-current=${route === this.route ? 'page' : nothing}>${icon}${name}</a>
            </li>`,
        )}
      </ul>
    </nav>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'app-nav': AppNav;
  }
}
