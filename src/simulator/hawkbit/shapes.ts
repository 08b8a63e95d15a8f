/** What a simulated hawkBit server writes into its answers. */
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Action } from './actions.ts';
import type { SoftwareModule, StoredArtifact } from './options.ts';

const JSON_HEADERS = { 'Content-Type': 'application/hal+json' };

export interface Places {
  /** ".../controller/v1/<id>": the address of the target. */
  readonly base: string;
  /** The same at the origin of artifacts. */
  readonly artifacts: string;
}

interface Wanted {
  readonly action: Action | null;
  readonly installed: Action | null;
  readonly wantsAttributes: boolean;
  readonly pollSeconds: number;
}

/** The answer to a poll, which has links only where there is work. */
export function pollJson({ action, installed, wantsAttributes, pollSeconds }: Wanted, { base }: Places): object {
  const links: Record<string, { readonly href: string }> = {};
  if (action !== null) {
    const stamp = `?c=${action.id * 31 + action.changes}`;
    if (action.status === 'wait-for-confirmation')
      links['confirmationBase'] = { href: `${base}/confirmationBase/${action.id}${stamp}` };
    else if (action.status === 'canceling') links['cancelAction'] = { href: `${base}/cancelAction/${action.id}` };
    else links['deploymentBase'] = { href: `${base}/deploymentBase/${action.id}${stamp}` };
  }
  if (installed !== null) links['installedBase'] = { href: `${base}/installedBase/${installed.id}` };
  if (wantsAttributes) links['configData'] = { href: `${base}/configData` };
  return {
    config: { polling: { sleep: asTime(pollSeconds) } },
    ...(Object.keys(links).length === 0 ? {} : { _links: links }),
  };
}

/** @param now by the server's clock, in milliseconds */
export function deploymentJson(action: Action, now: number, places: Places): object {
  const { set, window } = action;
  const download = isForced(action, now) ? 'forced' : 'attempt';
  const isOpen = window === null || now >= window.opensAt;
  return {
    id: String(action.id),
    deployment: {
      download,
      update: action.type === 'downloadonly' || !isOpen ? 'skip' : download,
      ...(window === null ? {} : { maintenanceWindow: isOpen ? 'available' : 'unavailable' }),
      chunks: set.modules.map((module, at) => chunkJson(module, at, places)),
    },
  };
}

function isForced({ type, forceAt }: Action, now: number): boolean {
  return type === 'forced' || type === 'downloadonly' || (type === 'timeforced' && now >= forceAt);
}

function chunkJson({ part, version, name, encrypted, artifacts }: SoftwareModule, at: number, places: Places): object {
  return {
    ...{ part, version, name },
    ...(encrypted === true ? { encrypted } : {}),
    artifacts: artifacts.map((artifact) => artifactJson(artifact, `${places.artifacts}/softwaremodules/${at}`)),
  };
}

function artifactJson({ filename, bytes }: StoredArtifact, place: string): object {
  const href = `${place}/artifacts/${encodeURIComponent(filename)}`;
  return {
    filename,
    hashes: { sha1: hexOf(sha1(bytes)), md5: hexOf(md5(bytes)), sha256: hexOf(sha256(bytes)) },
    size: bytes.length,
    _links: { 'download-http': { href }, 'md5sum-http': { href: `${href}.MD5SUM` }, download: { href } },
  };
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** "00:05:00"; from a day up as ISO 8601 has it, "P1DT2H". */
function asTime(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours >= 24) return `P${Math.floor(hours / 24)}DT${hours % 24}H${minutes}M${rest}S`;
  return [hours, minutes, rest].map((number) => String(number).padStart(2, '0')).join(':');
}

/** An answer with an ETag, and without a body where the client has it already. */
export function tagged(request: Request, body: object): Response {
  const text = JSON.stringify(body);
  const tag = `"0${hexOf(sha256(new TextEncoder().encode(text))).slice(0, 32)}"`;
  if (request.headers.get('If-None-Match') === tag) return new Response(null, { status: 304, headers: { ETag: tag } });
  return new Response(text, { headers: { ...JSON_HEADERS, ETag: tag } });
}

/** @param errorCode as `hawkbit.server.error…`; absent: none */
export function refusal(status: number, errorCode?: string, headers: Readonly<Record<string, string>> = {}): Response {
  const body = errorCode === undefined ? null : JSON.stringify({ errorCode });
  return new Response(body, { status, headers: { ...JSON_HEADERS, ...headers } });
}

/** The file, or the part of it that was asked for. */
export function artifactAnswer(request: Request, bytes: Uint8Array<ArrayBuffer>): Response {
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Accept-Ranges': 'bytes',
    ETag: `"${hexOf(sha1(bytes))}"`,
  };
  const [, first] = /^bytes=(\d+)-$/.exec(request.headers.get('Range') ?? '') ?? [];
  if (first === undefined)
    return new Response(bytes, { headers: { ...headers, 'Content-Length': String(bytes.length) } });
  const start = Number(first);
  if (start >= bytes.length)
    return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${bytes.length}` } });
  return new Response(bytes.subarray(start), {
    status: 206,
    headers: {
      ...headers,
      'Content-Length': String(bytes.length - start),
      'Content-Range': `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
    },
  });
}
