/** What is inside a file, by name. */
import type { InnerFile } from '../../model/firmware/inspection.ts';

/** Its own name, or what it is: "ota_0", "image at 0x10000". */
export function innerFileName({ name, how, offset }: InnerFile): string {
  switch (how) {
    case 'partition':
      return name ?? (offset === 0 ? 'first image' : `image at 0x${offset.toString(16)}`);
    case 'uf2-blocks':
      return name ?? 'joined blocks';
    case 'gzip':
      return name ?? 'unpacked file';
    case 'zip-entry':
      return name;
  }
}
