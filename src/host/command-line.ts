/** `moult serve | inspect | push`: picks the command, and prints what is wrong with a call in one line. */
import { INSPECT_USAGE, inspectCommand } from './inspect-command.ts';
import { PUSH_USAGE, pushCommand } from './push-command.ts';
import { SERVE_USAGE, serveCommand } from './serve-command.ts';
import { UsageError } from './usage.ts';

/** Not 1 to 3, which `inspect` gives a meaning to. 64 is "wrong usage" in sysexits.h. */
const WRONG_USAGE = 64;

const USAGE = `moult: firmware updates over the air for ViperHTTP devices

${SERVE_USAGE}

${INSPECT_USAGE}

${PUSH_USAGE}

exit status 64 for a call that cannot be meant
`;

/** Runs one command to its end; returns the exit status. */
export async function commandLine(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  try {
    switch (command) {
      case 'serve':
        return await serveCommand(rest);
      case 'inspect':
        return await inspectCommand(rest);
      case 'push':
        return await pushCommand(rest);
      case undefined:
      case 'help':
      case '-h':
      case '--help':
        console.log(USAGE);
        return command === undefined ? WRONG_USAGE : 0;
      default:
        throw new UsageError(`There is no command "${command}". Commands: serve, inspect, push.`);
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\nRun "moult --help" for what there is.`);
    return WRONG_USAGE;
  }
}
