/** What is said to the page's host to pair a browser. Loaded when it is first needed. */
import { array, number, object, safeParse, string } from 'valibot';
import type { HostFetch, Paired, PairedBrowser, WhyNotPaired } from '../../model/page/page-ports.ts';

const WHY: Readonly<Record<number, WhyNotPaired>> = {
  403: 'wrong-code',
  409: 'full',
  429: 'too-often',
  503: 'not-kept',
};

const keyAnswer = object({ key: string() });
const codeAnswer = object({ code: string() });
const clientsAnswer = object({ clients: array(object({ id: string(), name: string(), pairedAt: number() })) });

/** The key for a code; or why there is none. */
export async function pair(code: string, ask: HostFetch): Promise<Paired> {
  try {
    const answer = await ask('/pair', { method: 'POST', ...json({ code }) });
    const why = WHY[answer.status];
    if (why !== undefined) return { kind: why };
    const read = safeParse(keyAnswer, await answer.json());
    if (answer.ok && read.success) return { kind: 'paired', ...read.output };
  } catch {
    // The host is gone, or it is no host of ours.
  }
  return { kind: 'no-answer' };
}

/** A code for another browser; null where this one may not make any, or none is needed. */
export async function newCode(ask: HostFetch): Promise<string | null> {
  try {
    const answer = await ask('/pair/code', { method: 'POST' });
    const read = safeParse(codeAnswer, await answer.json());
    return answer.ok && read.success ? read.output.code : null;
  } catch {
    // As above; and a host that asks for no pairing has no such place.
    return null;
  }
}

/** Who is paired; null where this page is not told. Only the host's own machine is. */
export async function pairedBrowsers(ask: HostFetch): Promise<readonly PairedBrowser[] | null> {
  try {
    const answer = await ask('/clients');
    const read = safeParse(clientsAnswer, await answer.json());
    return answer.ok && read.success ? read.output.clients : null;
  } catch {
    // As above.
    return null;
  }
}

/** Resolves when it is paired no longer, or the host did not hear it: the list tells. */
export async function revoke(id: string, ask: HostFetch): Promise<void> {
  try {
    await ask(`/clients/${encodeURIComponent(id)}`, { method: 'DELETE' });
  } catch {
    // As above.
  }
}

function json(body: unknown): RequestInit {
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}
