/**
 * The largest file that is read at all, in bytes: no ESP32 module is sold with more than 32 MB of flash, and a
 * full-flash file or an archive of one fits twice. Reading more would only cost memory. It has a file of its own
 * because the page needs it before anything that reads firmware is loaded.
 */
export const LARGEST_FILE_BYTES = 64 * 1024 * 1024;
