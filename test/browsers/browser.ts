/** A browser as the journey needs it, whatever drives it. */

/** What runs in the page: a plain function, sent as text. It takes and returns what JSON can say. */
export type InPage<In, Out> = (input: In) => Out | Promise<Out>;

export interface Browser {
  /** "Firefox 153.7" */
  readonly name: string;
  /** Whether https pages are opened by address: a name would not come through this browser's proxy over TLS. */
  readonly byAddress: boolean;
  goto(url: string): Promise<void>;
  run<In, Out>(inPage: InPage<In, Out>, input: In): Promise<Out>;
  close(): Promise<void>;
}

/** What a browser is told at its start. */
export interface Network {
  readonly proxyPort: number;
  readonly chromiumArgs: readonly string[];
  /** Addresses of pages that need no proxy. */
  readonly pages: readonly string[];
}

/** Why a browser cannot be started here, and how to get it. */
export class Missing extends Error {
  override readonly name = 'Missing';
}

/** The function as the page runs it. The compiler's helper for names of functions exists on our side only. */
export function asScript<In, Out>(inPage: InPage<In, Out>): string {
  return `(() => { const __name = (named) => named; return (${inPage.toString()}); })()`;
}
