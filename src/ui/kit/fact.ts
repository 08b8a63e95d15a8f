import { html, type TemplateResult } from 'lit';

/** One fact of a `<dl>`: what it is called, and what it is. */
export function fact(name: string, value: TemplateResult | string): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
