/** What the guide "Prepare a board" says. What is typed on the way stands in `board-commands.ts`. */
import { TO_DEVICES } from '../kit/buttons.ts';
import type { BoardCommand } from './board-commands.ts';

export const PREPARE_INTRO =
  'A board takes updates over the air when three things are on it: a firmware with ViperHTTP, a partition table with two update slots, and a program that serves updates. The first two come by cable, once. You need a computer and a USB cable, and an hour if the firmware has to be built.';

export const NOT_ON_A_BOARD =
  'This project has no real board: these commands were tried without one, as far as that goes. Moult’s docs/prepare-a-board.md says how far.';

export const STEPS = {
  look: '1. Look at the partition table',
  meaning: '2. What the answer means',
  backUp: '3. Back up what is on it',
  firmware: '4. Put the firmware on it, by cable',
  program: '5. Put the program on it',
  stays: '6. What an update leaves alone',
  check: '7. Check it',
  update: '8. The first update',
} as const;

export const LOOK = {
  tools:
    'Connect the board. These two tools reach it by cable; on Windows the second line is board-tools\\Scripts\\activate.',
  ports:
    'This lists what is connected. With more than one board, name its port in each command: mpremote connect PORT, and esptool --port PORT, before the rest.',
  repl: 'This opens the board’s Python prompt. If a program is running, press Ctrl+C. Ctrl+] leaves.',
  lines: 'Paste these lines at >>>. They change nothing.',
} as const;

/** What the lines print, and what that means. */
export const ANSWERS: readonly { readonly said: string; readonly means: string }[] = [
  {
    said: 'update slots: 0',
    means: 'Nothing comes over the air. MicroPython’s usual builds are like this. Continue with step 3.',
  },
  {
    said: 'update slots: 1',
    means:
      'One update comes over the air, from factory to ota_0, and no other after it: a board cannot write over what it runs from. ViperHTTP’s own ESP32S3_N16R8 is like this. Continue with step 3.',
  },
  {
    said: 'update slots: 2',
    means:
      'Two slots take turns, so that every update comes over the air. Continue with step 5, if the last line worked.',
  },
  {
    said: 'ImportError',
    means: 'This firmware has no ViperHTTP. Continue with step 3, however many slots there are.',
  },
];

export const BACK_UP = {
  files: 'The files, into the new folder board-files:',
  flash: 'The whole flash, some six minutes for 16 MB. It is the way back, whatever happens:',
  restore: 'To restore the whole flash, or the files alone:',
} as const;

export const FIRMWARE = {
  source:
    'ViperHTTP comes as source, and is built into MicroPython: a download from micropython.org has none. Its C part needs two Xtensa cores, so an ESP32 or an ESP32-S3. ESP-IDF builds it on Linux, macOS, or Windows with WSL, where the packages are that its own guide asks for. Open a second terminal for that, since ESP-IDF brings tools of its own:',
  n16r8: 'ESP32-S3 with 16 MB of flash and 8 MB of PSRAM (N16R8)',
  slots:
    'ViperHTTP is made for this board. This gives both app partitions of its table the names of update slots; each keeps its place and its 3.5 MB.',
  build: 'Build it, in the same folder:',
  table: 'See that the table has ota_0 and ota_1, before it goes on the board:',
  erase:
    'In the first terminal. On a board that had another table than ViperHTTP’s, empty the flash first: MicroPython takes old bytes in the place of its file system for a broken one, and stops. Bring the files back afterwards, as in step 3.',
  flash:
    'Then bootloader, table and firmware at once. The board starts from ota_0. If ViperHTTP’s own table was on it before, the files are still there.',
  other: 'Another board with an ESP32',
  variant:
    'MicroPython’s variant OTA of its generic board has two slots of 1.5 MB, for 4 MB of flash. The build fails if ViperHTTP does not fit; then the board needs more flash, and a table made for that.',
  flashOther: 'In the first terminal, on an empty flash as above:',
} as const;

export const PROGRAM = {
  modules: 'In the first terminal: the parts of ViperHTTP that are Python. Without the first there are no updates.',
  bridge: 'On any board other than the N16R8, this one too:',
  lines:
    'Put in a saved token, or press “New token” for a new device: without one, the lines contain none. Then save them in a file, with your network’s name and password in it. The rest of your own program goes above the last two.',
  device: 'Device',
  newDevice: 'A new device',
  newToken: 'New token',
  savedToken: 'Put in the saved token',
  hideToken: 'Take the token out',
  noToken: 'No token of this device is here. Make one under “Edit device”; these lines can have it then.',
  editDevice: 'Edit device',
  madeToken: 'The token is kept nowhere yet. Add the device with it in step 7.',
  copyN16R8: 'On the N16R8, save it as boot.py:',
  copyOther: 'On another board, save it as main.py:',
  usb: 'While boot.py runs, the chip’s own USB port stays silent, since MicroPython starts it afterwards. Use the port that says UART or COM then; Ctrl+C there ends the program.',
  address: 'The board prints its address once it has one: mpremote shows it.',
} as const;

export const STAYS = {
  files:
    'An update writes one slot. The file system lies beside both, so .py files stay: your program, its token, the parts of ViperHTTP.',
  ends: 'A firmware without ViperHTTP stops them all the same: import viperhttp fails, and nothing answers. Moult does not mark such a firmware valid, and MicroPython’s bootloader goes back to the one before at the next restart. Send only what was built with ViperHTTP.',
} as const;

export const CHECK_IT = {
  add: 'Add the board with the address that it printed.',
  addDevice: 'Add device',
  ask: 'It has to name a slot that runs and another one that is next.',
} as const;

export const FIRST_UPDATE = {
  file: 'Choose micropython.bin from the folder of the build, not firmware.bin: that one has a bootloader and a table in it, and is for the cable. Then press “Update”.',
  devices: TO_DEVICES,
} as const;

const IN_TERMINAL = 'In a terminal';
const IN_SECOND = 'In the second terminal';

/** Where each command is typed, and the name of what "Copy" takes. */
export const COMMAND_WORDS: Readonly<Record<BoardCommand, { readonly where: string; readonly what: string }>> = {
  INSTALL_TOOLS: { where: IN_TERMINAL, what: 'the commands that install the tools' },
  LIST_PORTS: { where: IN_TERMINAL, what: 'the command that lists the ports' },
  OPEN_REPL: { where: IN_TERMINAL, what: 'the command that opens the prompt' },
  READ_TABLE: { where: 'On the board, at >>>', what: 'the lines that read the table' },
  BACK_UP_FILES: { where: IN_TERMINAL, what: 'the command that backs up the files' },
  BACK_UP_FLASH: { where: IN_TERMINAL, what: 'the command that backs up the flash' },
  RESTORE_FLASH: { where: IN_TERMINAL, what: 'the command that brings back the flash' },
  RESTORE_FILES: { where: IN_TERMINAL, what: 'the command that brings back the files' },
  GET_SOURCES: { where: IN_SECOND, what: 'the commands that get the sources' },
  MAKE_TWO_SLOTS: { where: IN_SECOND, what: 'the command that makes two slots' },
  BUILD_N16R8: { where: IN_SECOND, what: 'the commands that build for the N16R8' },
  SHOW_TABLE: { where: IN_SECOND, what: 'the command that shows the table' },
  ERASE_FLASH: { where: IN_TERMINAL, what: 'the command that empties the flash' },
  BUILD_GENERIC: { where: IN_SECOND, what: 'the commands that build for another board' },
  FLASH_N16R8: { where: IN_TERMINAL, what: 'the command for the cable, for the N16R8' },
  FLASH_GENERIC: { where: IN_TERMINAL, what: 'the command for the cable, for another board' },
  COPY_MODULES: { where: IN_TERMINAL, what: 'the command that copies ViperHTTP’s parts' },
  COPY_BRIDGE: { where: IN_TERMINAL, what: 'the command that copies the bridge' },
  COPY_PROGRAM_N16R8: { where: IN_TERMINAL, what: 'the commands that start the program on the N16R8' },
  COPY_PROGRAM: { where: IN_TERMINAL, what: 'the commands that start the program on another board' },
};

export const COPY = 'Copy';

/** What the app on the board is called where no device was chosen. */
export const UNNAMED_BOARD = 'My board';
