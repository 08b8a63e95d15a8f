/** What a rollout server's answers look like, as far as they are read. */
import * as v from 'valibot';
import { sleepIn, USUAL_SLEEP_MS } from '../../../agent/polling.ts';
import type { Artifact, Chunk, Deployment } from '../../../model/agent/deployment.ts';
import { SHA256 } from '../../jobs/job-shapes.ts';

const text = v.pipe(v.string(), v.maxLength(2_000));
const link = v.object({ href: text });
const handling = v.picklist(['skip', 'attempt', 'forced']);

const BASE = v.object({
  config: v.object({ polling: v.object({ sleep: text }) }),
  _links: v.optional(v.record(v.string(), v.object({ href: v.optional(text) })), {}),
});

const ARTIFACT = v.object({
  filename: text,
  size: v.pipe(v.number(), v.integer(), v.minValue(0)),
  hashes: v.optional(v.object({ sha256: v.nullish(v.string()) }), {}),
  _links: v.optional(v.object({ download: v.optional(link), 'download-http': v.optional(link) }), {}),
});

const DEPLOYMENT = v.object({
  id: text,
  deployment: v.object({
    download: handling,
    update: handling,
    maintenanceWindow: v.nullish(v.picklist(['available', 'unavailable'])),
    chunks: v.pipe(
      v.array(
        v.object({
          part: text,
          name: text,
          version: text,
          encrypted: v.nullish(v.boolean()),
          artifacts: v.optional(v.pipe(v.array(ARTIFACT), v.maxLength(1_000)), []),
        }),
      ),
      v.maxLength(1_000),
    ),
  }),
});

const CANCEL = v.object({ id: text, cancelAction: v.object({ stopId: text }) });

/** Where there is work: ids, and what follows them in the link. */
export interface BaseAnswer {
  readonly sleepMs: number;
  readonly cancel: string | null;
  /** "12?c=-1", to be asked for as it is. */
  readonly deployment: string | null;
  readonly confirmation: string | null;
  readonly wantsAttributes: boolean;
}

/** @throws ValiError where it is none */
export function readBase(value: unknown): BaseAnswer {
  const { config, _links: links } = v.parse(BASE, value);
  // Links may name the server as it knows itself behind a proxy: only the ids are taken from them.
  const idIn = (name: string): string | null => {
    const pattern = new RegExp(`/${name}/(\\d{1,18}(?:\\?c=-?\\d{1,18})?)`);
    return pattern.exec(links[name]?.href ?? '')?.[1] ?? null;
  };
  return {
    sleepMs: sleepIn(config.polling.sleep) ?? USUAL_SLEEP_MS,
    cancel: idIn('cancelAction'),
    deployment: idIn('deploymentBase'),
    confirmation: idIn('confirmationBase')?.split('?', 1)[0] ?? null,
    wantsAttributes: links['configData'] !== undefined,
  };
}

const WINDOWS = { available: 'open', unavailable: 'closed', none: null } as const;

/** @throws ValiError where it is none */
export function readDeployment(value: unknown): Deployment {
  const { id, deployment } = v.parse(DEPLOYMENT, value);
  const { download, update, maintenanceWindow, chunks } = deployment;
  const window = WINDOWS[maintenanceWindow ?? 'none'];
  return { id, download, update, window, chunks: chunks.map(chunkOf) };
}

/** @throws ValiError where it is none */
export function readCancel(value: unknown): { readonly id: string; readonly stopId: string } {
  const { id, cancelAction } = v.parse(CANCEL, value);
  return { id, stopId: cancelAction.stopId };
}

type ReadChunk = v.InferOutput<typeof DEPLOYMENT>['deployment']['chunks'][number];

function chunkOf({ part, name, version, encrypted, artifacts }: ReadChunk): Chunk {
  return { part, name, version, encrypted: encrypted === true, artifacts: artifacts.map(artifactOf) };
}

function artifactOf({ filename, size, hashes, _links: links }: v.InferOutput<typeof ARTIFACT>): Artifact {
  const sha256 = hashes.sha256?.toLowerCase() ?? '';
  return {
    ...{ filename, size, sha256: SHA256.test(sha256) ? sha256 : null },
    href: links.download?.href ?? links['download-http']?.href ?? null,
  };
}
