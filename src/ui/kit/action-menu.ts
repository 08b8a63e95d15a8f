import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { base } from './style/base.ts';
import { buttons } from './style/buttons.ts';
import { dotsIcon } from './style/icons.ts';

/** One thing to choose behind ⋯. */
export interface MenuItem {
  readonly key: string;
  readonly label: string;
  readonly disabled?: boolean;
  readonly press: () => unknown;
}

/** Between the button and its menu, in pixels. */
const GAP = 4;

/** ⋯, and what is behind it. */
@customElement('action-menu')
export class ActionMenu extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .opener {
        display: grid;
        place-items: center;
        width: var(--target);
        padding: 0;
      }
      [popover] {
        position: fixed;
        inset: auto;
        min-width: 200px;
        max-width: calc(100vw - 16px);
        max-height: calc(100dvh - 16px);
        margin: 0;
        padding: var(--u);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--sheet);
        color: var(--ink);
        box-shadow: var(--shadow);
        overflow: auto;
      }
      [role='menuitem'] {
        display: block;
        width: 100%;
        padding: 0 calc(3 * var(--u));
        border: 0;
        font-weight: 400;
        text-align: start;
      }
      [role='menuitem']:focus-visible {
        outline-offset: -2px;
      }
    `,
  ];

  /** Asked when the menu opens: two hundred rows make no items before. */
  @property({ attribute: false }) items: () => readonly MenuItem[] = () => [];
  /** What a screen reader calls the button. */
  @property() label = '';
  /** Whether the tab key stops here: in a list it does so at one row only. */
  @property({ type: Boolean }) passedOver = false;
  @state() open = false;
  @query('.opener') readonly opener!: HTMLButtonElement | null;
  @query('[popover]') readonly popup!: HTMLElement;

  /** A popover that leaves the page closes without an event. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.open = false;
  }

  protected override render(): TemplateResult {
    return html`<button
        class="opener quiet"
        aria-label=${this.label}
        aria-haspopup="menu"
        aria-expanded=${this.open ? 'true' : 'false'}
        tabindex=${this.passedOver ? -1 : 0}
        @click=${this.#toggle}
      >
        ${dotsIcon}
      </button>
      <div popover role="menu" aria-label=${this.label} @toggle=${this.#toggled} @keydown=${this.#move}>
        ${
          this.open
            ? this.items().map(
                ({ label, disabled = false, press }) =>
                  html`<button
                    role="menuitem"
                    tabindex="-1"
                    ?disabled=${disabled}
                    @click=${() => {
                      this.popup.hidePopover();
                      // What opens now gives the focus back to the button, not to an item that is gone.
                      this.opener?.focus();
                      press();
                    }}
                  >
                    ${label}
                  </button>`,
              )
            : null
        }
      </div>`;
  }

  async #toggle(): Promise<void> {
    if (this.open) {
      this.popup.hidePopover();
      return;
    }
    this.open = true;
    await this.updateComplete;
    this.popup.showPopover();
    this.#place();
    this.#enabled[0]?.focus();
  }

  /** Below its button and ending with it, or above where there is no room. */
  #place(): void {
    const from = (this.opener ?? this).getBoundingClientRect();
    const { offsetWidth, offsetHeight, style } = this.popup;
    const below = from.bottom + GAP;
    const top = below + offsetHeight <= window.innerHeight ? below : Math.max(GAP, from.top - GAP - offsetHeight);
    style.top = `${top}px`;
    style.left = `${Math.max(GAP, from.right - offsetWidth)}px`;
  }

  #toggled({ newState }: ToggleEvent): void {
    this.open = newState === 'open';
  }

  get #enabled(): readonly HTMLElement[] {
    return [...this.popup.querySelectorAll<HTMLElement>('button:enabled')];
  }

  #move(event: KeyboardEvent): void {
    // A list around it moves with the same keys.
    event.stopPropagation();
    const items = this.#enabled;
    const at = items.findIndex((item) => item.matches(':focus'));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === 'Tab') this.popup.hidePopover();
    if (to === undefined) return;
    event.preventDefault();
    items.at(to % items.length)?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'action-menu': ActionMenu;
  }
}
