/** For the dialog "Device": asks the device at the typed address about itself, and fills in what the person has left empty. */
import type { ReactiveControllerHost } from 'lit';
import type { App } from '../../../state/app.ts';
import type { DeviceForm, FormField } from '../../../state/device/read-form.ts';
import type { SelfTold } from '../../../model/device/self-told.ts';
import { filledIn, originOnWebPort } from '../../../state/device/told-in-form.ts';
import { EMPTY_FORM } from '../../../state/device/read-form.ts';

/** The dialog, as far as it is needed here. */
export interface FormHost extends ReactiveControllerHost {
  readonly app: Pick<App, 'askSelf' | 'devices'>;
  readonly form: DeviceForm;
  fillIn(part: Partial<DeviceForm>): void;
}

export class Autofill {
  /** What the device at the address tells of itself. */
  told: SelfTold | null = null;
  readonly #host: FormHost;
  /** Fields that the person has typed in: nothing is filled in over them. */
  readonly #typed = new Set<FormField>();
  /** What the filled-in fields held before. */
  #before: Partial<DeviceForm> = {};
  #asking: { readonly origin: string; readonly abort: AbortController; readonly done: Promise<void> } | null = null;

  constructor(host: FormHost) {
    this.#host = host;
  }

  /** The dialog shows another device, or none: what is under way is given up. */
  reset(): void {
    this.#asking?.abort.abort();
    this.#asking = null;
    this.told = null;
    this.#before = {};
    this.#typed.clear();
  }

  noteTyped(field: FormField): void {
    this.#typed.add(field);
    // How it speaks was told of the path that stood there.
    if (field === 'prefix') this.#host.fillIn({ dialect: null });
    if (field !== 'address') return;
    // What the old address told is not true of the new one.
    this.told = null;
    const { name, prefix, ...rest } = this.#before;
    this.#before = {};
    this.#host.fillIn({
      ...rest,
      ...(name === undefined || this.#typed.has('name') ? {} : { name }),
      ...(prefix === undefined || this.#typed.has('prefix') ? {} : { prefix }),
    });
  }

  /** To be called where the address is whole. It is asked once for each that was typed. */
  lookUp(): void {
    const { app, form } = this.#host;
    const origin = app.devices.originOf(form.address);
    if (app.askSelf === null || origin === null || origin === this.#asking?.origin) return;
    this.#asking?.abort.abort();
    const abort = new AbortController();
    const login = form.login?.password ? form.login : null;
    const orElse = originOnWebPort(form.address, origin);
    const done = app.askSelf({ origin, login, orElse }, abort.signal).then(
      (told) => this.#heard(told, abort.signal),
      (error: unknown) => {
        if (!abort.signal.aborted) throw error;
      },
    );
    this.#asking = { origin, abort, done };
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await this.#asking?.done;
  }

  #heard(told: SelfTold | null, signal: AbortSignal): void {
    if (signal.aborted || told === null) return;
    this.told = told;
    const { app, form } = this.#host;
    const names = app.devices.$devices.get().map(({ name }) => name);
    const part = filledIn(form, told, this.#typed, names);
    this.#before = { name: EMPTY_FORM.name, prefix: EMPTY_FORM.prefix, dialect: null };
    // Asked already, at the address that it has now.
    const filled = part.address === undefined ? null : app.devices.originOf(part.address);
    if (filled !== null && this.#asking !== null) this.#asking = { ...this.#asking, origin: filled };
    this.#host.fillIn(part);
    this.#host.requestUpdate();
  }
}
