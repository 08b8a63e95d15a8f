/** The steps of the guide that are the same for every board. */
import { html, type TemplateResult } from 'lit';
import type { BoardCommand } from '../../words/more/board-commands.ts';
import { ANSWERS, BACK_UP, FIRMWARE, LOOK, PROGRAM, STEPS } from '../../words/more/prepare-board.ts';
import './typed-command.ts';

export function typed(command: BoardCommand): TemplateResult {
  return html`<typed-command .command=${command}></typed-command>`;
}

/** From the first look at the board to the lines of its own program. */
export const UP_TO_THE_PROGRAM = html`<h2>${STEPS.look}</h2>
  <p>${LOOK.tools}</p>
  ${typed('INSTALL_TOOLS')}
  <p>${LOOK.ports}</p>
  ${typed('LIST_PORTS')}
  <p>${LOOK.repl}</p>
  ${typed('OPEN_REPL')}
  <p>${LOOK.lines}</p>
  ${typed('READ_TABLE')}
  <h2>${STEPS.meaning}</h2>
  <dl>
    ${ANSWERS.map(
      ({ said, means }) =>
        html`<dt class="mono">${said}</dt>
          <dd>${means}</dd>`,
    )}
  </dl>
  <h2>${STEPS.backUp}</h2>
  <p>${BACK_UP.files}</p>
  ${typed('BACK_UP_FILES')}
  <p>${BACK_UP.flash}</p>
  ${typed('BACK_UP_FLASH')}
  <p>${BACK_UP.restore}</p>
  ${typed('RESTORE_FLASH')} ${typed('RESTORE_FILES')}
  <h2>${STEPS.firmware}</h2>
  <p>${FIRMWARE.source}</p>
  ${typed('GET_SOURCES')}
  <h3>${FIRMWARE.n16r8}</h3>
  <p>${FIRMWARE.slots}</p>
  ${typed('MAKE_TWO_SLOTS')}
  <p>${FIRMWARE.build}</p>
  ${typed('BUILD_N16R8')}
  <p>${FIRMWARE.table}</p>
  ${typed('SHOW_TABLE')}
  <p>${FIRMWARE.erase}</p>
  ${typed('ERASE_FLASH')}
  <p>${FIRMWARE.flash}</p>
  ${typed('FLASH_N16R8')}
  <h3>${FIRMWARE.other}</h3>
  <p>${FIRMWARE.variant}</p>
  ${typed('BUILD_GENERIC')}
  <p>${FIRMWARE.flashOther}</p>
  ${typed('FLASH_GENERIC')}
  <h2>${STEPS.program}</h2>
  <p>${PROGRAM.modules}</p>
  ${typed('COPY_MODULES')}
  <p>${PROGRAM.bridge}</p>
  ${typed('COPY_BRIDGE')}
  <p>${PROGRAM.lines}</p>`;
