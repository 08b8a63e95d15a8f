import { html, type TemplateResult } from 'lit';
import { COPY_SHA_256, SHA_256 } from '../../words/firmware/hashes.ts';
import { shortHash } from '../../words/kit/quantities.ts';
import './copy-button.ts';
import { fact } from './fact.ts';

/** A file's hash as a fact: short, and whole where it is copied. */
export function hashFact(sha256: string): TemplateResult {
  return fact(
    SHA_256,
    html`<copy-button .text=${sha256} .label=${COPY_SHA_256}>
      <span class="mono">${shortHash(sha256)}</span>
    </copy-button>`,
  );
}
