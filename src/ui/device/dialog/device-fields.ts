/** What is typed and chosen in the dialog "Device", but its secrets. Drawn into the dialog's own root. */
import { html, nothing, type TemplateResult } from 'lit';
import {
  DEFAULT_PREFIX,
  DEFAULT_TOKEN_HEADER,
  LONGEST,
  PATIENCES_MS,
  RESTART_PATIENCE_MS,
  type DeviceForm,
} from '../../../state/device/read-form.ts';
import { groupsOf } from '../../../state/device/device-choice.ts';
import type { Device } from '../../../model/device/device.ts';
import type { KnownChip } from '../../../model/firmware/inspection.ts';
import {
  ADDRESS,
  ADDRESS_EXAMPLE,
  ADDRESS_HINT,
  CHIP_NOT_KNOWN,
  GROUP_EXAMPLE,
  GROUP_HINT,
  HEADER,
  LOOK_FOR,
  NAME,
  NAME_EXAMPLE,
  PATH,
  PROTOCOL,
} from '../../../words/device/dialog/device-dialog.ts';
import { CHIP, GROUP } from '../../../words/kit/fields.ts';
import { PROTOCOL_CHOICES } from '../../../words/device/protocol-words.ts';
import { durationInWords } from '../../../words/kit/quantities.ts';
import { textField, type TextField } from '../../kit/text-field.ts';

/** The fields of the dialog that hold a line of text. */
export type TextName = 'name' | 'address' | 'group' | 'prefix' | 'tokenHeader';

const TEXTS: Readonly<Record<TextName, Pick<TextField, 'label' | 'example' | 'hint' | 'isName' | 'list'>>> = {
  name: { label: NAME, example: NAME_EXAMPLE, hint: '', isName: true },
  address: { label: ADDRESS, example: ADDRESS_EXAMPLE, hint: ADDRESS_HINT },
  group: { label: GROUP, example: GROUP_EXAMPLE, hint: GROUP_HINT, list: 'groups' },
  prefix: { label: PATH, example: DEFAULT_PREFIX, hint: '' },
  tokenHeader: { label: HEADER, example: DEFAULT_TOKEN_HEADER, hint: '' },
};

export function deviceText(
  name: TextName,
  typed: Pick<TextField, 'value' | 'wrong' | 'type' | 'whole'>,
): TemplateResult {
  return textField({ id: name, longest: LONGEST[name], ...TEXTS[name], ...typed });
}

/** The groups there are, offered while one is typed. */
export function groupList(devices: readonly Device[]): TemplateResult {
  const groups = groupsOf(devices).filter((group) => group !== '');
  return html`<datalist id="groups">${groups.map((group) => html`<option value=${group}></option>`)}</datalist>`;
}

export function protocolField(
  chosen: DeviceForm['protocol'],
  choose: (protocol: DeviceForm['protocol']) => void,
): TemplateResult {
  return html`<fieldset>
    <legend>${PROTOCOL}</legend>
    ${PROTOCOL_CHOICES.map(
      ({ value, words }) =>
        html`<label class="choice">
          <input
            id=${chosen === value ? 'protocol' : nothing}
            type="radio"
            name="protocol"
            value=${value}
            .checked=${chosen === value}
            @change=${() => choose(value)}
          />${words}
        </label>`,
    )}
  </fieldset>`;
}

type SelectEvent = Event & { readonly currentTarget: HTMLSelectElement };

export function chipField(
  chips: readonly KnownChip[],
  chosen: number | null,
  choose: (chipId: number | null) => void,
): TemplateResult {
  const read = ({ currentTarget: { value } }: SelectEvent): void => choose(value === '' ? null : Number(value));
  return html`<div>
    <label for="chip">${CHIP}</label>
    <select id="chip" @change=${read}>
      <option value="" ?selected=${chosen === null}>${CHIP_NOT_KNOWN}</option>
      ${chips.map(({ id, name }) => html`<option value=${id} ?selected=${chosen === id}>${name}</option>`)}
    </select>
  </div>`;
}

export function patienceField(saved: number | undefined, choose: (patienceMs: number) => void): TemplateResult {
  const chosen = saved ?? RESTART_PATIENCE_MS;
  // With the device's own, which a backup may have brought.
  const all = PATIENCES_MS.includes(chosen) ? PATIENCES_MS : [...PATIENCES_MS, chosen];
  return html`<div>
    <label for="patience">${LOOK_FOR}</label>
    <select id="patience" @change=${({ currentTarget }: SelectEvent) => choose(Number(currentTarget.value))}>
      ${all.map((ms) => html`<option value=${ms} ?selected=${ms === chosen}>${durationInWords(ms / 1000)}</option>`)}
    </select>
  </div>`;
}
