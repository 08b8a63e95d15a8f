/**
 * Loaded into a host before its program: tells who started it what its buffers hold, every so often. They are where the bytes of a
 * file are. Garbage is collected before each look, since when to collect it is the runtime's choice and not the host's.
 */

/** Often enough to see a copy of the file that lives for a moment. */
const LOOK_EVERY_MS = 20;

const { gc } = globalThis;
if (gc === undefined || process.send === undefined)
  throw new Error('It is to be started with --expose-gc and a channel.');
const tell = process.send.bind(process);
setInterval(() => {
  gc();
  tell(process.memoryUsage().arrayBuffers);
}, LOOK_EVERY_MS).unref();
