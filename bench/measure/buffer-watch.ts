/**
 * Loaded into a host before its program: tells the process that started it, every so often, how many bytes its buffers
 * hold. The bytes of a file are in them. Garbage is collected before each look, since when it is collected otherwise is
 * up to the runtime and not to the host.
 */

/** Often enough to see a copy of the file that lives for a moment. */
const LOOK_EVERY_MS = 20;

const { gc } = globalThis;
if (gc === undefined || process.send === undefined) throw new Error('Start it with --expose-gc and a channel.');
const tell = process.send.bind(process);
setInterval(() => {
  gc();
  tell(process.memoryUsage().arrayBuffers);
}, LOOK_EVERY_MS).unref();
