/** How the kinds of devices that take firmware by a form differ. Sources: docs/protocol.md. */
import type { FormKind, FormOptions } from './options.ts';

export interface KindFacts {
  /** An upload that breaks off is thrown away with its connection. */
  readonly cleansUp: boolean;
  /** It restarts after a failed upload, too. */
  readonly restartsOnFailure: boolean;
  readonly yes: (said: string) => { readonly status: number; readonly text: string };
  readonly no: (error: string) => { readonly status: number; readonly text: string };
  /** Milliseconds from its answer to its restart. */
  readonly restartsAfterMs: number;
}

const ok = (text: string) => () => ({ status: 200, text });

const LIBRARY: KindFacts = {
  cleansUp: true,
  restartsOnFailure: false,
  yes: (said) => ({ status: 200, text: said }),
  no: (error) => ({ status: 200, text: `Update error: ${error}` }),
  restartsAfterMs: 100,
};

export const KINDS: Readonly<Record<FormKind, KindFacts>> = {
  'update-server': LIBRARY,
  espeasy: LIBRARY,
  sketch: { cleansUp: false, restartsOnFailure: true, yes: ok('OK'), no: ok('FAIL'), restartsAfterMs: 50 },
  async: { cleansUp: false, restartsOnFailure: false, yes: ok('OK'), no: ok('FAIL'), restartsAfterMs: 500 },
  'elegant-2': {
    cleansUp: false,
    restartsOnFailure: true,
    yes: ok('OK'),
    no: () => ({ status: 500, text: 'FAIL' }),
    restartsAfterMs: 1_000,
  },
  'elegant-3': {
    cleansUp: false,
    restartsOnFailure: false,
    yes: ok('OK'),
    no: (error) => ({ status: 400, text: `${error}\n` }),
    restartsAfterMs: 2_000,
  },
};

export function cleansUp({ kind, halfUpload }: FormOptions): boolean {
  return halfUpload === undefined ? KINDS[kind].cleansUp : halfUpload === 'cleaned';
}
