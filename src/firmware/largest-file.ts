/** How much is read at all: known to the page before anything that reads firmware is loaded. */

/**
 * The largest file that is read at all, in bytes: no ESP32 module is sold with more than 32 MB of flash, and a
 * full-flash file or an archive of one fits twice. Reading more would only cost memory.
 */
export const LARGEST_FILE_BYTES = 64 * 1024 * 1024;
