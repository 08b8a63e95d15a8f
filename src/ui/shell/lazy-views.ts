/**
 * Every view and dialog behind a tap. All are loaded with the first need of any: as they are alike, they compress well
 * together.
 */
import '../kit/confirm-dialog.ts';
import '../device/dialog/device-dialog.ts';
import '../device/dialog/device-sheet.ts';
import '../firmware/file-picture.ts';
import '../history/help-report.ts';
import '../history/history-view.ts';
import '../firmware/library-view.ts';
import '../more/more-view.ts';
import './keys-list.ts';
import '../rollout/rollout-view.ts';
import './sheet-dialog.ts';
import '../more/unlock-dialog.ts';
