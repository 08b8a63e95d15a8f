/** What is said of a file's hash. */

export const SHA_256 = 'SHA-256';
export const COPY_SHA_256 = 'Copy the whole SHA-256';
