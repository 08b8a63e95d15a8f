/** What can be chosen in the dialog "Device": protocol, chip, patience. Drawn into the dialog's own root. */
import { html, nothing, type TemplateResult } from 'lit';
import { PATIENCES_MS, USUAL_PATIENCE_MS, type DeviceForm } from '../../state/device/devices.ts';
import type { Chip } from '../../model/firmware/inspection.ts';
import { CHIP_NOT_KNOWN, LOOK_FOR, PROTOCOL } from '../../words/device/device-dialog.ts';
import { CHIP } from '../../words/kit/fields.ts';
import { PROTOCOL_CHOICES } from '../../words/device/protocol-words.ts';
import { durationInWords } from '../../words/kit/quantities.ts';

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
  chips: readonly Chip[],
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
  const chosen = saved ?? USUAL_PATIENCE_MS;
  // With the device's own, which a backup may have brought.
  const all = PATIENCES_MS.includes(chosen) ? PATIENCES_MS : [...PATIENCES_MS, chosen];
  return html`<div>
    <label for="patience">${LOOK_FOR}</label>
    <select id="patience" @change=${({ currentTarget }: SelectEvent) => choose(Number(currentTarget.value))}>
      ${all.map((ms) => html`<option value=${ms} ?selected=${ms === chosen}>${durationInWords(ms / 1000)}</option>`)}
    </select>
  </div>`;
}
