/** The least that flash can erase at once. Whatever lies in flash by itself begins at a multiple of it. */
export const SECTOR = 4096;
