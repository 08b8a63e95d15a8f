/** Every view and dialog behind a tap: loaded with the first need of any, since alike as they are they pack well together. */
import './confirm-dialog.ts';
import './device-dialog.ts';
import './device-sheet.ts';
import './file-picture.ts';
import './help-report.ts';
import './history-view.ts';
import './library-view.ts';
import './more-view.ts';
import './rollout-view.ts';
import './sheet-dialog.ts';
import './unlock-dialog.ts';
