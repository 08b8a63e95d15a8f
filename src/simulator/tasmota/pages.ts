/** The answers of a Tasmota device, built as its own are. */

interface Words {
  readonly upload: string;
  readonly yes: string;
  readonly no: string;
  readonly restarts: string;
  /** By the number of each error. */
  readonly reasons: Readonly<Record<number, string>>;
}

/** English as in the firmware; the German words are our own, since nothing may depend on them. */
const WORDS: Readonly<Record<'en' | 'de', Words>> = {
  en: {
    ...{ upload: 'Upload', yes: 'Successful', no: 'Failed', restarts: 'Device will restart in a few seconds' },
    reasons: {
      ...{ 1: 'No file selected', 2: 'Not enough space', 3: 'Invalid file signature' },
      4: 'Program flash size is larger than real flash size',
      ...{ 6: 'Upload failed. Enable logging 3', 7: 'Upload aborted', 8: 'File invalid' },
    },
  },
  de: {
    ...{ upload: 'Hochladen', yes: 'gelungen', no: 'misslungen', restarts: 'Das Gerät startet gleich neu' },
    reasons: {
      ...{ 1: 'Keine Datei', 2: 'Zu wenig Platz', 3: 'Keine Firmware', 4: 'Zu groß' },
      ...{ 6: 'Nicht vollständig', 7: 'Abgebrochen', 8: 'Datei ungültig' },
    },
  },
};

export interface Look {
  readonly language: 'en' | 'de';
  /** "Tasmota/15.2.0 (ESP32-D0WD-V3)" */
  readonly server: string;
}

function headersOf({ server }: Look, type: string): Record<string, string> {
  return { 'Content-Type': type, Server: server, 'Cache-Control': 'no-cache, no-store, must-revalidate' };
}

function page(look: Look, head: string, body: string): Response {
  const script = `<script>var x=null,lt,to,tp,pc='';function eb(s){return document.getElementById(s);}${head}</script>`;
  const text = `<!DOCTYPE html><html lang="${look.language}" class=""><head><meta charset='utf-8'>${script}</head><body><div style='text-align:left;display:inline-block;color:#eaeaea;min-width:340px;'>${body}</div></body></html>`;
  return new Response(text, { headers: headersOf(look, 'text/html') });
}

export function json(look: Look, value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: headersOf(look, 'application/json') });
}

/** The answer of its commands without a login. It has no challenge. */
export function commandRefused(look: Look): Response {
  return json(look, { WARNING: look.language === 'en' ? 'Need user=<username>&password=<password>' : 'Wer da?' }, 401);
}

/** The answer of its pages without a login, which comes from the library. */
export function signIn(): Response {
  return new Response('', {
    status: 401,
    headers: { 'WWW-Authenticate': 'Basic realm="Login Required"', 'Content-Type': 'text/html' },
  });
}

export function plain(look: Look, text: string, status = 200): Response {
  return new Response(text, { status, headers: headersOf(look, 'text/plain') });
}

/** The form for an update. With one partition its script starts safeboot first. */
export function upgradePage(look: Look, standsAside: boolean): Response {
  const click = standsAside
    ? `eb("f1").style.display="none";eb("f3").style.display="block";this.form.action+=this.form["u2"].files[0].size;return upl(this);`
    : `eb("f1").style.display="none";eb("f2").style.display="block";this.form.action+=this.form["u2"].files[0].size;this.form.submit();`;
  const form = `<form method='post' action='u2?fsz=' enctype='multipart/form-data'><br><input type='file' name='u2'><br><br><button type='submit' onclick='${click}'>Start</button></form>`;
  const own = `<form method='get' action='u1'><br><b>OTA URL</b><br><input id='o' placeholder="OTA_URL" value="http://ota.example/tasmota32.bin"></form>`;
  return page(
    look,
    '',
    `<div id='f1' style='display:block;'><fieldset>${own}</fieldset><fieldset>${form}</fieldset></div>`,
  );
}

export function restorePage(look: Look): Response {
  return page(
    look,
    '',
    `<form method='post' action='u2?fsz=' enctype='multipart/form-data'><input type='file' name='u2'></form>`,
  );
}

/** Where it took the file, the page returns to the first page by itself. */
export function succeeded(look: Look): Response {
  const { upload, yes, restarts } = WORDS[look.language];
  const said = `<div style='text-align:center;'><b>${upload} <font color='#47c266'>${yes}</font></b><br><br><div style='text-align:center;'>${restarts}</div><br></div><br>`;
  return page(look, `setTimeout(function(){location.href='.';},10000);`, said);
}

export function failed(look: Look, error: number): Response {
  const { upload, no, reasons } = WORDS[look.language];
  const said = `<div style='text-align:center;'><b>${upload} <font color='#ff5661'>${no}</font></b><br><br>${reasons[error] ?? `Code ${error}`}</div><br>`;
  return page(look, '', said);
}

export function somebodyElse(): Response {
  return new Response('<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>', {
    headers: { 'Content-Type': 'text/html' },
  });
}
