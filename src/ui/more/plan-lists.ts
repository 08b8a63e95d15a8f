/** What a backup would change here, as lists. */
import { html, type TemplateResult } from 'lit';
import type { BackupPlan } from '../../model/page/backup.ts';
import { RESTART_PATIENCE_MS } from '../../state/device/read-form.ts';
import {
  changeText,
  deviceText,
  lackText,
  listTitle,
  moreText,
  WHY_LACKING,
  WILL_BE_ADDED,
  WILL_BE_CHANGED,
  WILL_LACK,
  WILL_STAY,
} from '../../words/more/backup-import.ts';

/** Names that are listed; the rest is counted. */
const LISTED = 20;

export function planLists({ add, change, keep, without }: BackupPlan): TemplateResult {
  const changes = change.map((each) => changeText(each, RESTART_PATIENCE_MS));
  return html`${listed(WILL_BE_ADDED, add.map(deviceText))} ${listed(WILL_BE_CHANGED, changes)}
  ${listed(WILL_STAY, keep.map(deviceText))} ${listed(WILL_LACK, without.map(lackText))}
  ${without.length === 0 ? null : html`<p class="soft">${WHY_LACKING}</p>`}`;
}

function listed(title: string, lines: readonly string[]): TemplateResult | null {
  if (lines.length === 0) return null;
  const more = lines.length - LISTED;
  return html`<div>
    <h3>${listTitle(title, lines.length)}</h3>
    <ul class="small">
      ${lines.slice(0, LISTED).map((line) => html`<li>${line}</li>`)}
      ${more > 0 ? html`<li class="soft">${moreText(more)}</li>` : null}
    </ul>
  </div>`;
}
