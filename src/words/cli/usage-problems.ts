/** What is wrong with a command line, and what the program says where it cannot go on. */
import { GATEWAY_TOKEN_VARIABLE, MQTT_PASSWORD_VARIABLE, PASSWORD_VARIABLE } from '../../model/host/environment.ts';
import type { UsageProblem } from '../../model/host/usage-problem.ts';
import { anyOf } from '../kit/locale.ts';
import { wrongAddressInWords } from '../device/address.ts';
import { wrongHeaderInWords } from '../device/dialog/form-problem.ts';
import { listProblemInWords, loginProblemInWords, noSuchVariableText } from './device-list.ts';

export function usageProblemInWords(problem: UsageProblem): string {
  switch (problem.kind) {
    case 'arguments':
      return problem.said;
    case 'no-such-command':
      return `There is no command "${problem.command}". Commands: ${problem.commands.join(', ')}.`;
    case 'no-whole-number':
      return `--${problem.option} takes a whole number from ${problem.min} to ${problem.max}, not "${problem.text}".`;
    case 'no-choice':
      return `--${problem.option} takes ${anyOf(problem.choices)}, not "${problem.text}".`;
    case 'revoke-without-id':
      return '--revoke takes the ID of a browser, as "moult clients" shows it.';
    case 'inspect-without-file':
      return 'inspect needs a file: moult inspect FILE…';
    case 'standard-input-twice':
      return 'Standard input (-) can be read only once: name it once.';
    case 'token-as-argument':
      return 'A token must not be an argument: every program on this machine could read it. Put it in an environment variable, and name that with --token-env.';
    case 'password-as-argument':
      return `A password must not be an argument: every program on this machine could read it. Put it in the environment variable ${PASSWORD_VARIABLE}.`;
    case 'push-without-file':
      return 'push takes one file: moult push FILE --device ADDRESS';
    case 'push-without-device':
      return 'push needs a device: moult push FILE --device ADDRESS';
    case 'no-host-address':
      return `--host takes the address of a Moult host, such as http://localhost:6685, not "${problem.text}".`;
    case 'no-notify-address':
      return `--notify takes an http or https address, not "${problem.text}".`;
    case 'agent-without-server':
      return 'agent needs a rollout server: moult agent --server URL --devices LIST.json';
    case 'agent-without-devices':
      return 'agent needs a list of devices: moult agent --server URL --devices LIST.json';
    case 'agent-without-folder':
      return 'The agent needs a data folder that it can write, for what it has to remember. Name one with --data DIR.';
    case 'two-server-tokens':
      return 'Name the server’s token with --token-env or with --token-file, not with both.';
    case 'no-server-address':
      return `The address of a rollout server is like https://hawkbit.example, without a user or a "?", not "${problem.text}".`;
    case 'mqtt-login-in-address':
      return `The address of a broker must hold neither a user nor a password: every program on this machine could read them. Name the user with --mqtt-user, and put the password in ${MQTT_PASSWORD_VARIABLE} or in a file (--mqtt-password-file).`;
    case 'mqtt-password-without-user':
      return 'A broker takes a password only from a user. Name the user with --mqtt-user.';
    case 'mqtt-without-folder':
      return 'MQTT needs a data folder that the host can write, since the devices are kept there. Name one with --data DIR.';
    case 'no-mqtt-address':
      return `--mqtt takes the address of a broker, such as mqtt://broker.lan or mqtts://broker.lan:8883, not "${problem.text}".`;
    case 'without-mqtt':
      return `--${problem.option} is of use only with --mqtt.`;
    case 'mqtt-file-not-read':
      return `${problem.path} cannot be read: ${problem.said}`;
    case 'mqtt-password-file-open':
      return `Others on this machine can read ${problem.path}, which holds the password of a broker. Make it yours alone (chmod 600 ${problem.path}).`;
    case 'mqtt-file-without-password':
      return `${problem.path} holds no password, which is one line.`;
    case 'mqtt-file-without-certificate':
      return `${problem.path} holds no certificate in PEM form.`;
    case 'no-hours':
      return `Hours are like 22:00-05:00, not "${problem.text}".`;
    case 'settings-not-read':
    case 'token-not-read':
      return `${problem.path} cannot be read: ${problem.said}.`;
    case 'settings-not-fitting':
      return `${problem.path}: ${problem.at ?? 'the file'} is not in the expected form. See docs/fleet.md.`;
    case 'token-file-open':
      return `Others on this machine can read ${problem.path}, which holds the token of a rollout server. Make it yours alone (chmod 600 ${problem.path}).`;
    case 'token-file-without':
      return `${problem.path} holds no token, which is one line of printable characters without spaces.`;
    case 'no-controller-id':
      return `${problem.name} has no "controllerId". Give it one that stays, such as moult-aabbcc112233.`;
    case 'controller-id-is-address':
      return `The "controllerId" of ${problem.name} is an address. Addresses change; give it an id that stays, such as moult-aabbcc112233.`;
    case 'controller-id-twice':
      return `${problem.names.join(' and ')} have the same "controllerId", ${problem.controllerId}.`;
    case 'no-server-token':
      return `There is no token for the server for ${problem.name}. Put the gateway’s in ${GATEWAY_TOKEN_VARIABLE}, name a file with --token-file, or give the device a "targetTokenEnv".`;
    case 'wrong-address':
      return wrongAddressInWords(problem.wrong);
    case 'wrong-header':
      return `--token-header: ${wrongHeaderInWords(problem.wrong)}`;
    case 'no-such-variable':
      return noSuchVariableText(problem.variable);
    case 'option-of-one-device':
      return `--${problem.option} is for one device; in a list, set it for each device.`;
    case 'option-of-many':
      return `--${problem.option} is for a list of devices, which --devices names; --device is one.`;
    case 'not-for-many':
      return `--${problem.option} is for one device: what is said against a file differs from device to device. Send it to that one by itself.`;
    case 'user':
      return `--user: ${loginProblemInWords(problem.problem)}`;
    case 'list':
      return listProblemInWords(problem.path, problem.problem);
    case 'no-built-page':
      return `There is no built page in ${problem.folder}. Build it with "npm run build", or name it with --app.`;
    case 'one-port-for-two':
      return `--port and --https-port are both ${problem.port}: http and https need a port each.`;
    case 'port-of-simulated':
      return `--port ${problem.port} is taken by a simulated device. Choose another port, or another --device-port.`;
  }
}

/** `wrong`: what is wrong with the call, in words. */
export function seeHelpText(wrong: string): string {
  return `${wrong}\nRun "moult --help" for the commands and their options.`;
}

export function outputNotWrittenText(said: string): string {
  return `The output could not be written: ${said}`;
}
