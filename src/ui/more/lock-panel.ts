import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import type { KeptBeforeLock } from '../../state/device/secrets/device-secrets.ts';
import type { LockRefusal } from '../../model/device/secrets/token-lock.ts';
import { PASSPHRASE } from '../../words/kit/fields.ts';
import {
  CHANGE_IT,
  CHANGED,
  FORGOTTEN,
  FORGOTTEN_TOKENS,
  KEPT_BEFORE,
  LOCK_NOW,
  LOCK_TOKENS,
  LOCKED,
  lockRefusalText,
  lockText,
  NEW_PASSPHRASE,
  NEW_PASSPHRASE_HINT,
  NOT_THE_SAME,
  OLD_PASSPHRASE,
  ONCE_MORE,
  REMOVE_IT,
  REMOVED,
  renewLabel,
  SET,
  SET_PASSPHRASE,
  UNLOCK,
  UNLOCKED,
} from '../../words/more/lock-panel.ts';
import { CANCEL } from '../../words/kit/buttons.ts';
import { OpenDeviceEvent } from '../kit/events.ts';
import { base } from '../kit/style/base.ts';
import { buttons } from '../kit/style/buttons.ts';
import { fields } from '../kit/style/fields.ts';
import { stackedForm } from './form-style.ts';
import { Watch } from '../kit/watch/watch.ts';

type Doing = 'set' | 'unlock' | 'change' | 'remove';

/** What of the app the lock of the tokens draws from. */
export type LockPanelParts = Pick<WholeApp, 'devices' | 'questions' | 'tokenLock'>;

/** The passphrase that locks the tokens: to set, unlock, lock, change and remove it, and to give up one that is forgotten. */
@customElement('lock-panel')
export class LockPanel extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    stackedForm,
    css`
      ul {
        display: grid;
        gap: calc(2 * var(--u));
      }
    `,
  ];

  @property({ attribute: false }) app!: LockPanelParts;
  @state() doing: Doing | null = null;
  @state() wrong: string | null = null;
  @state() done = '';
  @state() working = false;
  /** Secrets that were kept before the lock: the browser's files may still hold them as they were. */
  @state() keptBefore: readonly KeptBeforeLock[] = [];
  readonly #lock = new Watch(this, () => this.app.tokenLock.$lock);
  readonly #kept = new Watch(this, () => this.app.devices.$keeping);
  /** The lock and what is kept, as they were when `keptBefore` was asked for. */
  #asked: readonly unknown[] = [];

  protected override willUpdate(): void {
    const now = [this.#lock.value, this.#kept.value];
    if (now.every((value, at) => value === this.#asked[at])) return;
    this.#asked = now;
    void this.#look();
  }

  async #look(): Promise<void> {
    this.keptBefore = await this.app.devices.fromBeforeLock();
  }

  protected override render(): TemplateResult {
    return html`<p>${lockText(this.#lock.value, this.#kept.value.size)}</p>
      ${this.doing === null ? html`<div class="row">${this.#buttons()}</div>` : this.#form(this.doing)}
      <p class="small" role="status">${this.done}</p>
      ${this.#isSet && this.keptBefore.length > 0 ? this.#secretsKeptBefore() : null}`;
  }

  get #isSet(): boolean {
    return this.#lock.value === 'locked' || this.#lock.value === 'unlocked';
  }

  #secretsKeptBefore(): TemplateResult {
    return html`<p>${KEPT_BEFORE}</p>
      <ul>
        ${this.keptBefore.map(
          ({ device, field }) =>
            html`<li>
              <button @click=${() => this.dispatchEvent(new OpenDeviceEvent({ kind: 'saved', device, field }))}>
                ${renewLabel(field, device.name)}
              </button>
            </li>`,
        )}
      </ul>`;
  }

  #buttons(): TemplateResult | null {
    switch (this.#lock.value) {
      case 'unavailable':
        return null;
      case 'none':
        return this.#button('set', SET_PASSPHRASE);
      case 'locked':
        return html`${this.#button('unlock', UNLOCK)}
          <button class="quiet" @click=${this.#forget}>${FORGOTTEN}</button>`;
      case 'unlocked':
        return html`<button @click=${this.#lockNow}>${LOCK_NOW}</button> ${this.#button('change', CHANGE_IT)}
          ${this.#button('remove', REMOVE_IT)}`;
    }
  }

  #button(doing: Doing, words: string): TemplateResult {
    return html`<button @click=${() => this.#begin(doing)}>${words}</button>`;
  }

  #form(doing: Doing): TemplateResult {
    const { verb, old, fresh } = FORMS[doing];
    return html`<form novalidate @submit=${this.#submit}>
      ${old ? this.#field('old', fresh ? OLD_PASSPHRASE : PASSPHRASE, 'current-password') : null}
      ${
        fresh
          ? html`${this.#field('fresh', old ? NEW_PASSPHRASE : PASSPHRASE, 'new-password')}
            ${this.#field('again', ONCE_MORE, 'new-password')}`
          : null
      }
      <p id="hint" class=${this.wrong === null ? 'hint' : 'error'} role=${this.wrong === null ? 'none' : 'alert'}>
        ${this.wrong ?? (fresh ? NEW_PASSPHRASE_HINT : '')}
      </p>
      <div class="row">
        <button class="next" ?disabled=${this.working}>${verb}</button>
        <button type="button" class="quiet" @click=${() => (this.doing = null)}>${CANCEL}</button>
      </div>
    </form>`;
  }

  #field(id: string, label: string, fill: 'current-password' | 'new-password'): TemplateResult {
    return html`<div>
      <label for=${id}>${label}</label>
      <input id=${id} name=${id} type="password" autocomplete=${fill} aria-describedby="hint" />
    </div>`;
  }

  async #begin(doing: Doing): Promise<void> {
    this.doing = doing;
    this.wrong = null;
    this.done = '';
    await this.updateComplete;
    this.renderRoot.querySelector('input')?.focus();
  }

  async #submit(event: SubmitEvent & { readonly currentTarget: HTMLFormElement }): Promise<void> {
    event.preventDefault();
    const { doing } = this;
    if (doing === null || this.working) return;
    const typed = new FormData(event.currentTarget);
    const field = (name: string): string => {
      const value = typed.get(name);
      return typeof value === 'string' ? value : '';
    };
    if (FORMS[doing].fresh && field('fresh') !== field('again')) {
      this.wrong = NOT_THE_SAME;
      return;
    }
    this.working = true;
    const refusal = await this.#do(doing, field('old'), field('fresh')).finally(() => (this.working = false));
    this.wrong = refusal === null ? null : lockRefusalText(refusal);
    if (refusal !== null) return;
    this.doing = null;
    this.done = FORMS[doing].done;
  }

  #do(doing: Doing, old: string, fresh: string): Promise<LockRefusal | null> {
    const { tokenLock } = this.app;
    switch (doing) {
      case 'set':
        return tokenLock.set(fresh);
      case 'unlock':
        return tokenLock.unlock(old);
      case 'change':
        return tokenLock.change(old, fresh);
      case 'remove':
        return tokenLock.remove(old);
    }
  }

  async #lockNow(): Promise<void> {
    await this.app.tokenLock.lock();
    this.done = LOCKED;
  }

  async #forget(): Promise<void> {
    if (!(await this.app.questions.ask({ kind: 'forget-tokens' }))) return;
    await this.app.tokenLock.forget();
    this.done = FORGOTTEN_TOKENS;
  }
}

const FORMS: Readonly<
  Record<Doing, { readonly verb: string; readonly old: boolean; readonly fresh: boolean; readonly done: string }>
> = {
  set: { verb: LOCK_TOKENS, old: false, fresh: true, done: SET },
  unlock: { verb: UNLOCK, old: true, fresh: false, done: UNLOCKED },
  change: {
    verb: CHANGE_IT,
    old: true,
    fresh: true,
    done: CHANGED,
  },
  remove: {
    verb: REMOVE_IT,
    old: true,
    fresh: false,
    done: REMOVED,
  },
};

declare global {
  interface HTMLElementTagNameMap {
    'lock-panel': LockPanel;
  }
}
