/** SHA-384 for signatures on the curve P-384. Loaded with the first one: its tables weigh as much as a view. */
export { sha384 } from '@noble/hashes/sha2.js';
