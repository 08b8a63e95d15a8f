/**
 * What is typed to prepare a board: shown by the guide in the app and by docs/prepare-a-board.md, which a test holds to
 * these. For mpremote 1.29, esptool 5, ESP-IDF 5.5.1, and ViperHTTP's source at commit 9645128.
 */

/** Debian and Ubuntu let pip install into a virtual environment only, so everybody gets one. */
const INSTALL_TOOLS = `python3 -m venv board-tools
. board-tools/bin/activate
pip install esptool mpremote`;

const LIST_PORTS = 'mpremote connect list';

const OPEN_REPL = 'mpremote';

/**
 * Each line is whole, since the REPL indents what is pasted after an open block. The update slots are the app partitions
 * of the subtypes 16 to 31 (ESP-IDF); labels are free. The last line fails where ViperHTTP is not built in.
 */
const READ_TABLE = `import esp
from esp32 import Partition
parts = [p.info() for p in Partition.find(Partition.TYPE_APP)]
print("flash", esp.flash_size() // 1024, "KB", [(p[4], p[3] // 1024) for p in parts])
print("update slots:", len([p for p in parts if 16 <= p[1] < 32]))
import viperhttp`;

const BACK_UP_FILES = 'mpremote cp -r : board-files';

const BACK_UP_FLASH = 'esptool --baud 460800 read-flash 0 ALL board-flash.bin';

/** `/.`: with the folder's bare name, mpremote makes a folder of that name on the board. */
const RESTORE_FILES = 'mpremote cp -r board-files/. :';

const RESTORE_FLASH = 'esptool --baud 460800 write-flash 0 board-flash.bin';

const GET_SOURCES = `git clone --branch v5.5.1 --recursive https://github.com/espressif/esp-idf.git ~/esp-idf-5.5.1
~/esp-idf-5.5.1/install.sh esp32,esp32s3
git clone https://github.com/mateuszsury/ViperHTTP.git
cd ViperHTTP`;

/** Same places and sizes: the app partitions get other names, and the files stay where they are. `-i.bak`: also for macOS. */
const MAKE_TWO_SLOTS = `sed -i.bak -e 's/^ota_0, .*/ota_1,    app,  ota_1,   0x390000, 0x380000,/' \\
  -e 's/^factory, .*/ota_0,    app,  ota_0,   0x10000,  0x380000,/' \\
  vendor/micropython/ports/esp32/partitions-16MiBplus.csv`;

/** The script is not executable, and looks for the tools of ESP-IDF elsewhere than its installer puts them. */
const BUILD_N16R8 = `export IDF_TOOLS_PATH=~/.espressif
. ~/esp-idf-5.5.1/export.sh
bash tools/build_firmware.sh`;

const BUILD_GENERIC = `. ~/esp-idf-5.5.1/export.sh
make -C vendor/micropython/mpy-cross
make -C vendor/micropython/ports/esp32 BOARD=ESP32_GENERIC BOARD_VARIANT=OTA USER_C_MODULES="$PWD/cmodules/viperhttp"`;

const N16R8 = 'vendor/micropython/ports/esp32/build-ESP32S3_N16R8';
const GENERIC = 'vendor/micropython/ports/esp32/build-ESP32_GENERIC-OTA';

/** The table as it was built, before it goes on the board. */
const SHOW_TABLE = `python "$IDF_PATH/components/partition_table/gen_esp32part.py" ${N16R8}/partition_table/partition-table.bin`;

/** MicroPython takes old bytes where its file system comes to lie for a broken one, and stops (`inisetup.py`). */
const ERASE_FLASH = 'esptool erase-flash';

const FLASH_N16R8 = `esptool --baud 460800 write-flash 0x0 ViperHTTP/${N16R8}/firmware.bin`;

/** The bootloader of the first ESP32 lies 4 KiB further on, and so does such a file. */
const FLASH_GENERIC = `esptool --baud 460800 write-flash 0x1000 ViperHTTP/${GENERIC}/firmware.bin`;

/** Without viperhttp_ota.py, ViperHTTP leaves its update routes out. */
const COPY_MODULES =
  'mpremote cp ViperHTTP/viperhttp_ota.py ViperHTTP/viperhttp_autodocs.py ViperHTTP/viperhttp_lifespan.py :';

/** Only ViperHTTP's own board has it built in. */
const COPY_BRIDGE = 'mpremote cp ViperHTTP/viperhttp_bridge.py :';

const COPY_PROGRAM_N16R8 = `mpremote cp boot.py :
mpremote reset`;

const COPY_PROGRAM = `mpremote cp main.py :
mpremote reset`;

export const BOARD_COMMANDS = {
  INSTALL_TOOLS,
  LIST_PORTS,
  OPEN_REPL,
  READ_TABLE,
  BACK_UP_FILES,
  BACK_UP_FLASH,
  RESTORE_FILES,
  RESTORE_FLASH,
  GET_SOURCES,
  MAKE_TWO_SLOTS,
  BUILD_N16R8,
  SHOW_TABLE,
  ERASE_FLASH,
  BUILD_GENERIC,
  FLASH_N16R8,
  FLASH_GENERIC,
  COPY_MODULES,
  COPY_BRIDGE,
  COPY_PROGRAM_N16R8,
  COPY_PROGRAM,
} as const;

export type BoardCommand = keyof typeof BOARD_COMMANDS;

/** What the program does before it serves. The network's name and password are the person's own. */
const PROGRAM_START = `import time
import network
import viperhttp

wlan = network.WLAN(network.STA_IF)
wlan.active(True)
wlan.connect("name of the network", "its password")
while not wlan.isconnected():
    time.sleep(1)
print("address", wlan.ifconfig()[0])`;

/** A whole program: the network, an app of that name, and the lines that updates need, as they are. */
export function boardProgram(name: string, setupLines: string): string {
  // A Python string; JSON's escapes are among Python's.
  return `${PROGRAM_START}

app = viperhttp.ViperHTTP(title=${JSON.stringify(name)})

${setupLines}
`;
}
