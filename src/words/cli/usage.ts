/** What `moult --help` says, and `--help` after a command. */
import { DEFAULT_TOKEN_HEADER } from '../../model/device/secrets/token-header.ts';
import { RESTART_PATIENCE_MS } from '../../model/update/restart-patience.ts';
import {
  GATEWAY_TOKEN_VARIABLE,
  MQTT_PASSWORD_VARIABLE,
  PASSPHRASE_VARIABLE,
  PASSWORD_VARIABLE,
  TOKEN_VARIABLE,
} from '../../model/host/environment.ts';

/** The defaults of the options of `moult serve`, and their limits. */
export interface ServeFacts {
  readonly port: number;
  readonly httpsPort: number;
  readonly devicePort: number;
  readonly mostSimulated: number;
  readonly logLevels: readonly string[];
}

export interface UsageFacts {
  readonly serve: ServeFacts;
  readonly protocols: readonly string[];
}

function serveUsage({ port, httpsPort, devicePort, mostSimulated, logLevels }: ServeFacts): string {
  return `moult serve                serve the page: http://localhost:${port}, and https on the LAN
  --port N                 another port (for http, on this machine and on the LAN)
  --https-port N           port of https on the LAN (${httpsPort})
  --no-lan                 serve this machine alone
  --open                   let every browser on the LAN reach devices, not only paired ones
  --simulate N             start N simulated devices (0 to ${mostSimulated})
  --shelf                  start one simulated device of each other kind beside them
  --device-port N          port of the first simulated device (${devicePort}, or free ones if that is taken); 0 takes
                           free ones
  --data DIR               where the certificate authority, paired browsers and devices' certificates are kept
  --agent FILE             also carry out what a rollout server assigns, as "moult agent" does; FILE has its settings
  --mqtt URL               announce the host's devices to Home Assistant over this MQTT broker: mqtt://broker.lan, or
                           mqtts://broker.lan:8883; whoever may publish there may install what the host offers
  --mqtt-user NAME         user there, with the password in ${MQTT_PASSWORD_VARIABLE}
  --mqtt-password-file FILE
                           the password in a file that only you can read (chmod 600)
  --mqtt-ca FILE           certificate of the authority that signed the broker's, where that is not a public one
  --notify URL             POST a line of JSON there when an update that this host runs has ended
  --app DIR                folder of the built page
  --log LEVEL              ${logLevels.join(', ')}; JSON lines on standard error (warn)`;
}

const CLIENTS_USAGE = `moult clients              list the browsers that are paired with the host
  --revoke ID              remove one from the list; the host refuses it from then on
  --data DIR               the host's folder`;

const INSPECT_USAGE = `moult inspect FILE…        say what each file is, and whether a device can take it; - is standard input
  --json                   an array with one object for each file
  exit status              0 all accepted, 1 a warning, 2 a refusal, 3 a file that cannot be read`;

/** Names with commas between them, below each other where a terminal of 120 columns has no room. */
function inLines(names: readonly string[]): string {
  const lines = [''];
  for (const [at, name] of names.entries()) {
    const said = at === names.length - 1 ? name : `${name}, `;
    if ((lines.at(-1) ?? '').length + said.length > 90) lines.push('');
    lines.push(`${lines.pop() ?? ''}${said}`);
  }
  return lines.map((line) => line.trimEnd()).join(`\n${' '.repeat(27)}`);
}

function pushUsage({ serve, protocols }: UsageFacts): string {
  return `moult push FILE --device ADDRESS
  --token-env NAME         environment variable that holds the device's token (${TOKEN_VARIABLE})
  --token-header NAME      header in which ViperHTTP as shipped expects it (${DEFAULT_TOKEN_HEADER})
  --user NAME              user name, for a device that asks for one: its password is in ${TOKEN_VARIABLE}. ViperHTTP as
                           shipped may ask for one before it looks at the token: then the password is in
                           ${PASSWORD_VARIABLE}, and an empty NAME sends it as a bearer token
  --protocol NAME          ${inLines(protocols)}
  --no-restart             write the firmware and make it bootable, but do not restart
  --patience SECONDS       how long to look for the device after its restart (${RESTART_PATIENCE_MS / 1000})
  --send-anyway REASON     send the file despite this reason against it, by the name that an earlier try gave it, such
                           as other-release; may be repeated
  --host URL               hand the update to a Moult host that is running, and follow it there: http://localhost:${serve.port}.
                           It continues when a second Ctrl+C ends this command
  --data DIR               the host's folder, where unfinished updates are written down; a host that runs there and this
                           command keep out of each other's way
  --json                   one object with the outcome, instead of words
  exit status              0 updated, accepted or ready; 1 any other outcome; 3 a file that cannot be read`;
}

const PUSH_MANY_USAGE = `moult push FILE --devices LIST.json
  --first-wave N           devices that go first; unless all of them succeed, no other starts (1; 0: none)
  --at-once N              how many at once (adapts while the rollout runs)
  --stop-after N           start nothing new after this many failures (3; 0: never), or after this share of the
                           devices that have ended, from the fifth on: 25%
  --host URL               as above: the host runs the rollout, which continues without this command
  --no-restart, --json, --patience SECONDS, --data DIR   as above
  LIST.json                [{"address": "192.168.1.50", "name": "Kitchen", "tokenEnv": "KITCHEN_TOKEN"}, …]
                           "tokenEnv" names the environment variable with the device's token (${TOKEN_VARIABLE}); "token"
                           holds it, in a file that only you can read (chmod 600); also "tokenHeader", "protocol",
                           "chip" ("ESP32-S3", or its id in images): a device is skipped where the file is for another
                           chip; "user" as --user, "passwordEnv" for another variable than ${PASSWORD_VARIABLE}.
                           Or the file that the page saves under "More"; the passphrase of its tokens is in
                           ${PASSPHRASE_VARIABLE}. Each device in it is looked for as long as its own settings say,
                           unless --patience is given
  exit status              0 every device updated, accepted or ready; 1 any other; 3 a file that cannot be read`;

const AGENT_USAGE = `moult agent --server URL --devices LIST.json
                           carry out the updates that a rollout server (Eclipse hawkBit) assigns to these devices,
                           until it is stopped
  --tenant NAME            tenant on the server (DEFAULT)
  --token-env NAME         environment variable with the gateway's token (${GATEWAY_TOKEN_VARIABLE})
  --token-file FILE        the same in a file that only you can read (chmod 600)
  --accepted-counts-as WAY success, open or failure: how a device counts that took the image and can never prove which
                           one it runs (success, with a line that says so)
  --at-once N              how many devices at once (4)
  --soft-hours FROM-TO     when updates that are not forced may begin: 22:00-05:00, by this machine's clock
  --confirm                confirm by itself where the server wants every update confirmed
  --mqtt URL, --mqtt-user NAME, --mqtt-password-file FILE, --mqtt-ca FILE   as for "moult serve"
  --data DIR               the host's folder
  LIST.json                as for "moult push --devices", and "controllerId" for each: what the server knows it by,
                           never an address; where each device has a token of its own, "targetTokenEnv" names the
                           variable, or "targetToken" holds it`;

const JOBS_USAGE = `moult jobs                 list the updates and rollouts that this machine's host and commands run, and those that
                           have ended
  --json                   {"jobs": […], "rollouts": […]}, as the host tells its page
  --data DIR               the host's folder`;

const EXIT_STATUS = 'exit status 64 for wrong usage, 74 if the output or the data folder could not be written';

/** What one command and its options do, ended by a line break. */
export function commandUsageText(command: keyof typeof COMMANDS, facts: UsageFacts): string {
  return `${[...COMMANDS[command](facts), EXIT_STATUS].join('\n\n')}\n`;
}

const COMMANDS = {
  serve: ({ serve }: UsageFacts) => [serveUsage(serve)],
  clients: () => [CLIENTS_USAGE],
  inspect: () => [INSPECT_USAGE],
  push: (facts: UsageFacts) => [pushUsage(facts), PUSH_MANY_USAGE],
  agent: () => [AGENT_USAGE],
  jobs: () => [JOBS_USAGE],
} as const;

/** All of it, ended by a line break. */
export function usageText(facts: UsageFacts): string {
  const about = `moult COMMAND --help       help for one command
moult --version            print the version
${EXIT_STATUS}`;
  const commands = Object.values(COMMANDS).flatMap((usage) => usage(facts));
  return `${['moult: firmware updates over the air for ESP devices', ...commands, about].join('\n\n')}\n`;
}
