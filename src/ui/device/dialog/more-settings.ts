/** What few devices need, below "More settings" in the dialog "Device". Drawn into the dialog's own root. */
import { css, html, type TemplateResult } from 'lit';
import type { App } from '../../../state/app.ts';
import { MORE_SETTINGS } from '../../../words/device/dialog/device-dialog.ts';
import type { DialogSubject } from '../../kit/events.ts';
import { chipField, patienceField, type TextName } from './device-fields.ts';
import './device-route.ts';
import type { DeviceRouteParts } from './device-route.ts';
import { asksNoMore, loginField, type SecretsHost } from './secret-fields.ts';

export type MoreSettingsParts = Pick<App, 'setup'> & DeviceRouteParts;

/** The dialog, as far as it is needed here. */
export interface MoreSettingsHost extends SecretsHost {
  readonly app: SecretsHost['app'] & MoreSettingsParts;
  /** Whether they are open. */
  advanced: boolean;
  text(name: TextName): TemplateResult;
}

type ToggledEvent = Event & { readonly currentTarget: HTMLDetailsElement };

/** Whether a field stands here. */
export function isAdvanced(field: string | undefined): boolean {
  return ['chip', 'prefix', 'tokenHeader', 'login'].includes(field ?? '');
}

export const moreSettingsStyles = css`
  /* Laid out with the form around it. */
  .parts:not([hidden]) {
    display: contents;
  }
  .advanced {
    display: grid;
    gap: calc(3 * var(--u));
  }
`;

export function moreSettings(host: MoreSettingsHost, subject: DialogSubject): TemplateResult {
  const toggled = ({ currentTarget }: ToggledEvent): void => void (host.advanced = currentTarget.open);
  return html`<details ?open=${host.advanced} @toggle=${toggled}>
    <summary>${MORE_SETTINGS}</summary>
    ${host.advanced ? fieldsOf(host, subject) : null}
  </details>`;
}

function fieldsOf(host: MoreSettingsHost, subject: DialogSubject): TemplateResult {
  const { app, form } = host;
  return html`<div class="advanced">
    ${subject.kind === 'saved' ? html`<device-route .app=${app} .deviceId=${subject.device.id}></device-route>` : null}
    ${
      asksNoMore(host, subject)
        ? null
        : html`${host.text('prefix')} ${host.text('tokenHeader')} ${loginField(host, subject)}`
    }
    ${chipField(app.setup.chips, form.chipId, (chipId) => host.change({ chipId }))}
    ${patienceField(form.patienceMs, (patienceMs) => host.change({ patienceMs }))}
  </div>`;
}
