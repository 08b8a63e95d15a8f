/** For the dialog "Device": a token that was made there is not lost unasked. The device may have its lines already. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { App } from '../../../state/app.ts';
import type { DeviceForm } from '../../../state/device/read-form.ts';

export interface UnsavedTokenHost extends ReactiveControllerHost {
  readonly app: Pick<App, 'questions'>;
  readonly form: DeviceForm;
}

export class UnsavedToken implements ReactiveController {
  readonly #host: UnsavedTokenHost;
  #made: string | null = null;

  constructor(host: UnsavedTokenHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('beforeunload', this.#leavesPage);
  }

  hostDisconnected(): void {
    window.removeEventListener('beforeunload', this.#leavesPage);
  }

  /** One was made, and is nowhere but in the form. Null: it is saved, or nobody wants it. */
  set made(token: string | null) {
    this.#made = token;
  }

  /** A person who has typed another one over it has given it up. */
  get isThere(): boolean {
    return this.#made !== null && this.#made === this.#host.form.token;
  }

  /** Whether the form may go; asks where that would lose a token. */
  async mayGo(): Promise<boolean> {
    if (!this.isThere) return true;
    const yes = await this.#host.app.questions.ask({ kind: 'discard-token' });
    if (yes) this.#made = null;
    return yes;
  }

  readonly #leavesPage = (event: BeforeUnloadEvent): void => {
    if (this.isThere) event.preventDefault();
  };
}
