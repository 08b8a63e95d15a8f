/** `moult serve | clients | inspect | push | agent | jobs`: picks the command, and prints what is wrong with a call in one line. */
import { PROTOCOLS } from '../../model/device/dialect.ts';
import { outputNotWrittenText, seeHelpText } from '../../words/cli/usage-problems.ts';
import { DataError } from '../data/data-error.ts';
import { hasReaderLeft, Output } from './output.ts';
import type { Print } from './output.ts';
import { UsageError } from './usage.ts';

/** Not 1 to 3, which `inspect` gives a meaning to. 64 is "wrong usage" in sysexits.h. */
const WRONG_USAGE = 64;
/** "Input or output error" there. */
const NOT_WRITTEN = 74;

const COMMANDS = ['serve', 'clients', 'inspect', 'push', 'agent', 'jobs'] as const;

/** Each command is loaded when it is called: `inspect` in a build script must not wait for the host's libraries. */
async function usage(command?: (typeof COMMANDS)[number]): Promise<string> {
  const [{ commandUsageText, usageText }, { SERVE_FACTS }] = await Promise.all([
    import('../../words/cli/usage.ts'),
    import('./serve-command.ts'),
  ]);
  const facts = { serve: SERVE_FACTS, protocols: PROTOCOLS };
  return command === undefined ? usageText(facts) : commandUsageText(command, facts);
}

/** Wherever it stands among the options of a command; behind `--` stand names of files. */
function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

/** Runs one command to its end; returns the exit status. */
export async function commandLine(
  args: readonly string[],
  output = new Output(process.stdout),
  complain: Print = console.error,
): Promise<number> {
  const status = await run(args, output, complain);
  const failure = await output.failure();
  if (failure === null) return status;
  if (!hasReaderLeft(failure)) complain(outputNotWrittenText(failure.message));
  return NOT_WRITTEN;
}

async function run([command, ...rest]: readonly string[], { print }: Output, complain: Print): Promise<number> {
  try {
    const known = COMMANDS.find((each) => each === command);
    if (known !== undefined && wantsHelp(rest)) {
      print(await usage(known));
      return 0;
    }
    switch (command) {
      case 'serve': {
        const { serveCommand } = await import('./serve-command.ts');
        return await serveCommand(rest);
      }
      case 'clients': {
        const { clientsCommand } = await import('./clients-command.ts');
        return await clientsCommand(rest, print, complain);
      }
      case 'inspect': {
        const { inspectCommand } = await import('./inspect-command.ts');
        return await inspectCommand(rest, print);
      }
      case 'push': {
        const { pushCommand } = await import('./push/push-command.ts');
        return await pushCommand(rest, print, complain);
      }
      case 'agent': {
        const { agentCommand } = await import('../agent/agent-command.ts');
        return await agentCommand(rest, print, complain);
      }
      case 'jobs': {
        const { jobsCommand } = await import('./jobs-command.ts');
        return await jobsCommand(rest, print, complain);
      }
      case '--version': {
        const { ownVersion } = await import('./version.ts');
        print(await ownVersion());
        return 0;
      }
      case undefined:
      case 'help':
      case '-h':
      case '--help':
        print(await usage());
        return command === undefined ? WRONG_USAGE : 0;
      default:
        throw new UsageError({ kind: 'no-such-command', command, commands: COMMANDS });
    }
  } catch (error) {
    if (error instanceof DataError) {
      complain(error.message);
      return NOT_WRITTEN;
    }
    if (!(error instanceof UsageError)) throw error;
    complain(seeHelpText(error.message));
    return WRONG_USAGE;
  }
}
