/** The secrets in the dialog "Device": what a link brought, the token, and the login. Drawn into the dialog's own root. */
import { html, type TemplateResult } from 'lit';
import type { App } from '../../../state/app.ts';
import type { DeviceForm } from '../../../state/device/read-form.ts';
import { TOKEN_IN_HISTORY } from '../../../words/device/dialog/device-dialog.ts';
import type { DialogSubject, NewDevice } from '../../kit/events.ts';
import type { Wrongs } from './device-wrongs.ts';
import './login-field.ts';
import type { LoginTypedEvent } from './login-field.ts';
import './sealed-token.ts';
import type { SealedTokenParts } from './sealed-token.ts';
import './token-field.ts';
import type { TokenFieldParts, TokenTypedEvent } from './token-field.ts';

export type SecretFieldsParts = Pick<App, 'devices'> & SealedTokenParts & TokenFieldParts;

/** The dialog, as far as it is needed here. */
export interface SecretsHost {
  readonly app: SecretFieldsParts;
  readonly form: DeviceForm;
  readonly wrongs: Wrongs;
  change(part: Partial<DeviceForm>): void;
  takeToken(event: TokenTypedEvent): void;
}

/** About the token that a link brought. */
export function broughtToken(host: SecretsHost, said: NewDevice | undefined): TemplateResult | null {
  if (said?.inHistory === true) return html`<p>${TOKEN_IN_HISTORY}</p>`;
  if (said?.sealed === undefined) return null;
  return html`<sealed-token
    .app=${host.app}
    .said=${said}
    @moult-token-typed=${(event: TokenTypedEvent) => host.takeToken(event)}
  ></sealed-token>`;
}

export function tokenField(host: SecretsHost, subject: DialogSubject): TemplateResult {
  const { app, form, wrongs } = host;
  return html`<token-field
    id="token"
    .app=${app}
    .subject=${subject}
    .token=${form.token}
    .protocol=${form.protocol}
    .dialect=${form.dialect ?? (subject.kind === 'saved' ? subject.device.dialect : null)}
    .tokenHeader=${form.tokenHeader}
    .address=${form.address}
    .path=${form.prefix}
    ?withLogin=${form.login ? form.login.password !== '' : keepsLogin(app, subject)}
    .wrong=${wrongs.token ?? null}
    ?kept=${subject.kind === 'saved' && app.devices.$keeping.get().has(subject.device.id)}
    ?keepPlain=${form.keepPlain}
    @moult-token-typed=${(event: TokenTypedEvent) => host.takeToken(event)}
  ></token-field>`;
}

export function loginField(host: SecretsHost, subject: DialogSubject): TemplateResult {
  return html`<login-field
    id="login"
    .subject=${subject}
    .login=${host.form.login}
    .wrong=${host.wrongs.login ?? null}
    ?kept=${keepsLogin(host.app, subject)}
    @moult-login-typed=${({ login }: LoginTypedEvent) => host.change({ login })}
  ></login-field>`;
}

function keepsLogin({ devices }: SecretFieldsParts, subject: DialogSubject): boolean {
  return subject.kind === 'saved' && devices.keepsLogin(subject.device.id);
}
