/** Which file of a deployment a device is to get: exactly one image, or none. Pure. */
import type { Artifact, Chunk, Deployment } from '../model/agent/deployment.ts';

export type ImageChoice =
  | {
      readonly kind: 'image';
      readonly artifact: Artifact & { readonly sha256: string; readonly href: string };
      readonly chunk: Chunk;
    }
  | { readonly kind: 'no-image' | 'several-images' | 'encrypted' | 'no-hash' | 'file-too-large' };

const IMAGE = /\.bin$/i;
/** What lies beside an image in a build, and is no app: only written by cable. */
const NO_APP = /(^|[-_.])(bootloader|partitions?|partition-table|boot_app0|spiffs|littlefs|factory|merged)[-_.]/i;

/** @param mostBytes of one file that is taken at all */
export function imageOf({ chunks }: Pick<Deployment, 'chunks'>, mostBytes: number): ImageChoice {
  const all = chunks.flatMap((chunk) => chunk.artifacts.map((artifact) => ({ chunk, artifact })));
  const images = all.filter(({ artifact }) => IMAGE.test(artifact.filename) && !NO_APP.test(artifact.filename));
  const [only, ...more] = images;
  if (only === undefined) return { kind: 'no-image' };
  if (more.length > 0) return { kind: 'several-images' };
  const { chunk, artifact } = only;
  if (chunk.encrypted) return { kind: 'encrypted' };
  const { sha256, href } = artifact;
  // A weaker hash is no proof, and an image that nobody vouches for goes to no device.
  if (sha256 === null || href === null) return { kind: 'no-hash' };
  if (artifact.size > mostBytes) return { kind: 'file-too-large' };
  return { kind: 'image', artifact: { ...artifact, sha256, href }, chunk };
}
