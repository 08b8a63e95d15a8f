import { md5 } from '@noble/hashes/legacy.js';
import { hex } from '../../model/hex.ts';

/** 32 lower-case hex digits: the hash that such devices want with a file, and mostly do not check. */
export function md5Hex(bytes: Uint8Array<ArrayBuffer>): string {
  return hex(md5(bytes));
}
