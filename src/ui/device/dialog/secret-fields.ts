/** The secrets in the dialog "Device": what a link brought, the token, and the login. Drawn into the dialog's own root. */
import { html, type TemplateResult } from 'lit';
import type { App } from '../../../state/app.ts';
import type { Device } from '../../../model/device/device.ts';
import { asksForUserOf, takesWholeOf, usualUserOf, type DeviceForm } from '../../../state/device/read-form.ts';
import { LONGEST_LOGIN } from '../../../state/device/secrets/secrets.ts';
import { TOKEN_IN_HISTORY } from '../../../words/device/dialog/device-dialog.ts';
import { KEPT_AS_IT_IS, USER_NAME } from '../../../words/device/dialog/device-secrets.ts';
import { textField } from '../../kit/text-field.ts';
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
    id="sealed"
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
    ?kept=${keepsSecret(host, subject)}
    ?keepPlain=${form.keepPlain}
    @moult-token-typed=${(event: TokenTypedEvent) => host.takeToken(event)}
  ></token-field>`;
}

/** The user of a device that asks for one in the place of a token; its password is in the token's field. */
export function userField(host: SecretsHost, subject: DialogSubject): TemplateResult | null {
  const { form, wrongs } = host;
  if (!asksUser(host, subject)) return null;
  const untouched = keepsSecret(host, subject) && form.token === null && (form.login ?? null) === null;
  return textField({
    ...{ id: 'login', label: USER_NAME, hint: '', longest: LONGEST_LOGIN.user, wrong: wrongs.login },
    value: form.login?.user ?? '',
    example: untouched ? KEPT_AS_IT_IS : usualUserOf(form, savedIn(subject)),
    type: (user) => host.change({ login: { user, password: '' } }),
  });
}

export function asksUser({ form }: SecretsHost, subject: DialogSubject): boolean {
  return asksForUserOf(form, savedIn(subject));
}

/** Whether all that it is asked for is above: it takes an image whole, and nothing that was typed below is wrong. */
export function asksNoMore({ form, wrongs }: SecretsHost, subject: DialogSubject): boolean {
  const isWrong = [wrongs.prefix, wrongs.tokenHeader, wrongs.login].some((wrong) => wrong !== undefined);
  return !isWrong && takesWholeOf(form, savedIn(subject));
}

/** The user and password beside a token. */
export function loginField(host: SecretsHost, subject: DialogSubject): TemplateResult | null {
  if (asksUser(host, subject)) return null;
  return html`<login-field
    id="login"
    .subject=${subject}
    .login=${host.form.login}
    .wrong=${host.wrongs.login ?? null}
    ?kept=${keepsLogin(host.app, subject)}
    @moult-login-typed=${({ login }: LoginTypedEvent) => host.change({ login })}
  ></login-field>`;
}

function keepsSecret(host: SecretsHost, subject: DialogSubject): boolean {
  const { devices } = host.app;
  const hasToken = subject.kind === 'saved' && devices.$keeping.get().has(subject.device.id);
  return hasToken || (asksUser(host, subject) && keepsLogin(host.app, subject));
}

function savedIn(subject: DialogSubject): Device | undefined {
  return subject.kind === 'saved' ? subject.device : undefined;
}

function keepsLogin({ devices }: SecretFieldsParts, subject: DialogSubject): boolean {
  return subject.kind === 'saved' && devices.keepsLogin(subject.device.id);
}
