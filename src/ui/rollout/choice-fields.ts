/** The fields that find devices where those of a rollout are chosen. Drawn into the root of the choice. */
import { html, type TemplateResult } from 'lit';
import { groupsOf, versionsOf, type DeviceFilter } from '../../state/device/device-choice.ts';
import type { Device } from '../../model/device/device.ts';
import { GROUP, NO_GROUP, SEARCH, VERSION } from '../../words/kit/fields.ts';
import { ANY } from '../../words/rollout/rollout-choice.ts';

type Change = (change: Partial<DeviceFilter>) => void;

export function choiceFields(devices: readonly Device[], filter: DeviceFilter, change: Change): TemplateResult {
  const groups = groupsOf(devices);
  const versions = versionsOf(devices);
  return html`<div>
      <label for="wanted">${SEARCH}</label>
      <input
        id="wanted"
        type="search"
        .value=${filter.wanted}
        @input=${(event: InputEvent & { readonly currentTarget: HTMLInputElement }) =>
          change({ wanted: event.currentTarget.value })}
      />
    </div>
    ${
      groups.length === 0
        ? null
        : choice('group', GROUP, groups, filter.group, change, (group) => (group === '' ? NO_GROUP : group))
    }
    ${versions.length < 2 ? null : choice('runs', VERSION, versions, filter.runs, change, (version) => version)}`;
}

function choice(
  key: 'group' | 'runs',
  label: string,
  values: readonly string[],
  chosen: string | null,
  change: Change,
  inWords: (value: string) => string,
): TemplateResult {
  // Values by their place: "any" must not collide with what somebody called a group.
  const at = values.indexOf(chosen ?? '\0');
  const choose = (event: Event & { readonly currentTarget: HTMLSelectElement }): void =>
    change({ [key]: values[event.currentTarget.selectedIndex - 1] ?? null });
  return html`<div>
    <label for=${key}>${label}</label>
    <select id=${key} @change=${choose}>
      <option ?selected=${at < 0}>${ANY}</option>
      ${values.map((value, index) => html`<option ?selected=${index === at}>${inWords(value)}</option>`)}
    </select>
  </div>`;
}
