/** The package's command: dist/host/moult.js is built from here. */
import { commandLine } from './cli/command-line.ts';

process.exitCode = await commandLine(process.argv.slice(2));
