import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WholeApp } from '../../state/app.ts';
import type { Device } from '../../model/device.ts';
import { OpenDeviceEvent } from '../kit/events.ts';
import { base, buttons, fields } from '../kit/theme.ts';
import { Watch } from '../kit/watch.ts';

type Doing = 'set' | 'unlock' | 'change' | 'remove';

/** The passphrase lock of the tokens: set, opened, closed, changed, removed, and given up where it is forgotten. */
@customElement('lock-panel')
export class LockPanel extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      :host,
      form {
        display: grid;
        gap: calc(3 * var(--u));
        justify-items: start;
      }
      ul {
        display: grid;
        gap: calc(2 * var(--u));
      }
      form > div {
        width: min(100%, 320px);
      }
    `,
  ];

  @property({ attribute: false }) app!: WholeApp;
  @state() doing: Doing | null = null;
  @state() wrong: string | null = null;
  @state() done = '';
  @state() working = false;
  /** What was kept before the lock, too. */
  @state() old: readonly { readonly device: Device; readonly field: 'token' | 'login' }[] = [];
  readonly #lock = new Watch(this, () => this.app.tokenLock.$lock);
  readonly #kept = new Watch(this, () => this.app.devices.$keeping);
  #looked: readonly unknown[] = [];

  protected override willUpdate(): void {
    const now = [this.#lock.value, this.#kept.value];
    if (now.every((value, at) => value === this.#looked[at])) return;
    this.#looked = now;
    void this.#look();
  }

  async #look(): Promise<void> {
    this.old = await this.app.devices.fromBeforeLock();
  }

  protected override render(): TemplateResult {
    return html`<p>${this.#words()}</p>
      ${this.doing === null ? html`<div class="row">${this.#buttons()}</div>` : this.#form(this.doing)}
      <p class="small" role="status">${this.done}</p>
      ${this.#isSet && this.old.length > 0 ? this.#oldOnes() : null}`;
  }

  get #isSet(): boolean {
    return this.#lock.value === 'locked' || this.#lock.value === 'unlocked';
  }

  #oldOnes(): TemplateResult {
    return html`<p>
        What follows was kept before this passphrase, and may still lie in the browser’s files as it was then. A new
        token on the device ends that.
      </p>
      <ul>
        ${this.old.map(
          ({ device, field }) =>
            html`<li>
              <button @click=${() => this.dispatchEvent(new OpenDeviceEvent({ kind: 'saved', device, field }))}>
                ${field === 'token' ? 'New token' : 'New password'} for ${device.name}
              </button>
            </li>`,
        )}
      </ul>`;
  }

  #words(): string {
    switch (this.#lock.value) {
      case 'unavailable':
        return 'A passphrase lock needs a page that is encrypted, and a browser that keeps something for it. There is none here.';
      case 'none':
        return `A passphrase closes the tokens that are first saved under it, even for somebody who copies the whole browser profile. ${
          this.#kept.value.size === 0
            ? 'None is kept now. One that was kept and removed may go on lying in the browser’s files: do not type it again, make a new one.'
            : 'Those that are kept already may go on lying in the browser’s files: their devices need new tokens.'
        } You type it when a token is needed; it is asked again after a while.`;
      case 'locked':
        return 'The tokens are locked.';
      case 'unlocked':
        return 'The tokens are open. They lock by themselves a while after the last use, and when the page is closed.';
    }
  }

  #buttons(): TemplateResult | null {
    switch (this.#lock.value) {
      case 'unavailable':
        return null;
      case 'none':
        return this.#button('set', 'Set a passphrase');
      case 'locked':
        return html`${this.#button('unlock', 'Unlock')}
          <button class="quiet" @click=${this.#forget}>Forgotten</button>`;
      case 'unlocked':
        return html`<button @click=${this.#lockNow}>Lock now</button> ${this.#button('change', 'Change it')}
          ${this.#button('remove', 'Remove it')}`;
    }
  }

  #button(doing: Doing, words: string): TemplateResult {
    return html`<button @click=${() => this.#begin(doing)}>${words}</button>`;
  }

  #form(doing: Doing): TemplateResult {
    const { verb, old, fresh } = FORMS[doing];
    return html`<form novalidate @submit=${this.#submit}>
      ${old ? this.#field('old', fresh ? 'Passphrase until now' : 'Passphrase', 'current-password') : null}
      ${
        fresh
          ? html`${this.#field('fresh', old ? 'New passphrase' : 'Passphrase', 'new-password')}
            ${this.#field('again', 'Once more', 'new-password')}`
          : null
      }
      <p id="hint" class=${this.wrong === null ? 'hint' : 'error'} role=${this.wrong === null ? 'none' : 'alert'}>
        ${this.wrong ?? (fresh ? 'At least 8 characters. Nobody can get it back for you: if you forget it, the tokens are gone.' : '')}
      </p>
      <div class="row">
        <button class="next" ?disabled=${this.working}>${verb}</button>
        <button type="button" class="quiet" @click=${() => (this.doing = null)}>Leave it</button>
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
    const said = (name: string): string => {
      const value = typed.get(name);
      return typeof value === 'string' ? value : '';
    };
    if (FORMS[doing].fresh && said('fresh') !== said('again')) {
      this.wrong = 'The two are not the same.';
      return;
    }
    this.working = true;
    this.wrong = await this.#do(doing, said('old'), said('fresh')).finally(() => (this.working = false));
    if (this.wrong !== null) return;
    this.doing = null;
    this.done = FORMS[doing].done;
  }

  #do(doing: Doing, old: string, fresh: string): Promise<string | null> {
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
    this.done = 'Locked, here and in every other tab of Moult.';
  }

  async #forget(): Promise<void> {
    if (!(await this.app.questions.ask({ kind: 'forget-tokens' }))) return;
    await this.app.tokenLock.forget();
    this.done = 'The locked tokens are forgotten. Type each one again under “Edit” of its device.';
  }
}

const FORMS: Readonly<
  Record<Doing, { readonly verb: string; readonly old: boolean; readonly fresh: boolean; readonly done: string }>
> = {
  set: { verb: 'Lock the tokens', old: false, fresh: true, done: 'The tokens are under your passphrase now.' },
  unlock: { verb: 'Unlock', old: true, fresh: false, done: 'Unlocked.' },
  change: {
    verb: 'Change it',
    old: true,
    fresh: true,
    done: 'Changed. The passphrase from before still opens what lies in the browser’s files from its time.',
  },
  remove: {
    verb: 'Remove it',
    old: true,
    fresh: false,
    done: 'Removed. The tokens are kept under the browser’s own key, which lies in its profile beside them.',
  },
};

declare global {
  interface HTMLElementTagNameMap {
    'lock-panel': LockPanel;
  }
}
