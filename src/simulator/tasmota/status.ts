/** What a Tasmota device tells of itself: its answers to the command `Status`. */
import type { TasmotaBuild } from './build.ts';
import type { TasmotaOptions } from './options.ts';

export interface Facts {
  readonly options: TasmotaOptions;
  readonly build: TasmotaBuild;
  readonly runsSafeboot: boolean;
  readonly restarts: number;
  /** Seconds since its start. */
  readonly seconds: number;
}

/** Kilobytes of safeboot's own partition, and of the system in it. */
const SAFEBOOT_KILOBYTES = { partition: 832, program: 780 } as const;

/** @param number 0: all of it */
export function statusOf(number: number, facts: Facts): object {
  const all = {
    ...only(number, 0, { Status: general(facts) }),
    ...only(number, 1, { StatusPRM: parameters(facts) }),
    ...only(number, 2, { StatusFWR: firmware(facts) }),
    ...only(number, 4, { StatusMEM: memory(facts) }),
    ...only(number, 5, { StatusNET: { Hostname: 'tasmota-112233-0563', IPAddress: '192.168.1.61', Webserver: 2 } }),
  };
  return all;
}

function only(asked: number, own: number, part: object): object {
  return asked === 0 || asked === own ? part : {};
}

function general({ options: { name } }: Facts): object {
  return { Module: 1, DeviceName: name, FriendlyName: [name], Topic: 'tasmota_112233', Power: '0' };
}

function parameters({ seconds, restarts }: Facts): object {
  return {
    ...{ Baudrate: 115_200, GroupTopic: 'tasmotas', RestartReason: 'Software reset CPU', Uptime: uptime(seconds) },
    ...{ StartupUTC: '2026-07-24T19:00:00', Sleep: 50, BootCount: 7 + restarts, SaveCount: 20 + restarts },
  };
}

/** "1T02:03:04" */
function uptime(seconds: number): string {
  const two = (value: number): string => String(value % 60).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const clock = `${String(hours % 24).padStart(2, '0')}:${two(Math.floor(seconds / 60))}:${two(seconds)}`;
  return `${Math.floor(hours / 24)}T${clock}`;
}

function firmware({ build, options: { hardware, layout } }: Facts): object {
  const { version, variant, builtAt } = build;
  return {
    ...{ Version: `${version}(release-${variant})`, BuildDateTime: builtAt },
    ...(layout === 'esp8266' ? { Boot: 31 } : {}),
    ...{ Core: '3_3_4', SDK: '5.5.1', CpuFrequency: 160, Hardware: hardware, CR: '431/699' },
  };
}

function memory({ options, runsSafeboot }: Facts): object {
  const { layout, slotBytes, programKilobytes, flashKilobytes } = options;
  const slot = Math.floor(slotBytes / 1024);
  const { partition, program } = SAFEBOOT_KILOBYTES;
  // With one partition it tells what is left in the one that runs.
  const [used, free] = runsSafeboot
    ? [program, partition - program]
    : [programKilobytes, layout === 'safeboot' ? slot - programKilobytes : slot];
  return {
    ...{ ProgramSize: used, Free: free, Heap: 151, ProgramFlashSize: flashKilobytes, FlashSize: flashKilobytes },
    ...{ FlashChipId: '164020', FlashFrequency: 80, FlashMode: 'DIO' },
  };
}
