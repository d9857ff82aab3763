import type { ToFrame, ToPage } from './frame/message.ts';
import { sheet, small } from './loader/style.ts';
import { loaderWords } from './loader/words.ts';

/**
 * `/widget.js`, the one line on a customer's page:
 *
 *     <script src="https://hub.example/widget.js" async></script>
 *
 * Draws the launcher when the page has nothing better to do, loads the chat into a frame when somebody reaches for it, and
 * keeps it in touch with the page. Attributes, all optional: `data-organisation`, the id of one
 * of several organisations of the hub; `data-channel="legacy"`, whose chats end when the customer leaves the page;
 * `data-theme` light or dark (without it the page's own `<html data-theme>`, then the system); `data-language` (without it
 * the page's `lang`).
 */
interface HalyardChat {
  open(): void;
  close(): void;
  toggle(): void;
}

declare global {
  interface Window {
    Halyard?: HalyardChat;
  }
}

const openIcon =
  'M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719';
const closeIcon = 'm6 9 6 6 6-6';
/** Of the tab: the chat was open. Of the browser: a chat is going on, so the launcher looks for its news. */
const openKey = 'halyard.open';
const liveKey = 'halyard.live';

function remember(storage: 'sessionStorage' | 'localStorage', key: string, on: boolean): void {
  try {
    if (on) window[storage].setItem(key, '1');
    else window[storage].removeItem(key);
  } catch {
    // A page may shut its storage; then nothing is remembered.
  }
}

function remembered(storage: 'sessionStorage' | 'localStorage', key: string): boolean {
  try {
    return window[storage].getItem(key) === '1';
  } catch {
    return false;
  }
}

function begin(script: HTMLScriptElement): HalyardChat {
  const root = document.documentElement;
  const hub = new URL(script.src).origin;
  const language = script.dataset.language ?? (root.lang || 'en');
  const words = loaderWords(language);
  const ownTheme = script.dataset.theme;
  const theme = (): string => ownTheme ?? root.dataset.theme ?? '';

  const host = document.createElement('div');
  const shadow = host.attachShadow({ mode: 'open' });
  const style = new CSSStyleSheet();
  style.replaceSync(sheet);
  shadow.adoptedStyleSheets = [style];

  const landmark = document.createElement('div');
  landmark.setAttribute('role', 'complementary');
  landmark.setAttribute('aria-label', words.landmark);
  const panel = document.createElement('div');
  panel.className = 'panel';
  panel.hidden = true;
  const launch = document.createElement('button');
  launch.className = 'launch';
  launch.type = 'button';
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.append(path);
  const badge = document.createElement('span');
  badge.className = 'badge';
  badge.setAttribute('aria-hidden', 'true');
  launch.append(svg, badge);
  const said = document.createElement('div');
  said.className = 'said';
  said.setAttribute('role', 'status');
  landmark.append(panel, launch, said);
  shadow.append(landmark);

  let frame: HTMLIFrameElement | null = null;
  let ready = false;
  let open = false;
  let focus = false;
  let unread = 0;
  /** The page's title before a count was put before it. */
  let title: string | null = null;
  let counted = '';

  const tell = (message: ToFrame): void => {
    if (ready) frame?.contentWindow?.postMessage(message, hub);
  };

  function draw(): void {
    launch.setAttribute('aria-expanded', String(open));
    const name = open ? words.close : words.open;
    launch.setAttribute('aria-label', unread > 0 && !open ? `${name}, ${words.unread(unread)}` : name);
    path.setAttribute('d', open ? closeIcon : openIcon);
    badge.textContent = unread > 0 && !open ? (unread > 99 ? '99+' : String(unread)) : '';
    panel.hidden = !open;
    if (document.hidden && unread > 0) {
      // The page may have changed its title since: then the new one is counted.
      if (title === null || document.title !== counted) title = document.title;
      counted = `(${unread}) ${title}`;
      document.title = counted;
    } else if (title !== null) {
      if (document.title === counted) document.title = title;
      title = null;
    }
  }

  function load(): void {
    if (frame !== null) return;
    frame = document.createElement('iframe');
    frame.title = words.title;
    frame.allow = 'autoplay';
    const address = new URL('/widget/', hub);
    const { organisation, channel } = script.dataset;
    if (organisation) address.searchParams.set('organisation', organisation);
    if (channel) address.searchParams.set('channel', channel);
    address.searchParams.set('language', language);
    address.searchParams.set('direction', getComputedStyle(root).direction);
    if (theme()) address.searchParams.set('theme', theme());
    frame.src = address.href;
    panel.append(frame);
  }

  function show(takeFocus: boolean): void {
    load();
    focus = takeFocus;
    open = true;
    remember('sessionStorage', openKey, true);
    draw();
    if (takeFocus) frame?.focus();
    tell({ halyard: 'show', focus });
  }

  function hide(): void {
    if (!open) return;
    open = false;
    remember('sessionStorage', openKey, false);
    draw();
    tell({ halyard: 'hide' });
    launch.focus();
  }

  function paint(): void {
    host.dataset.theme = theme();
    tell({ halyard: 'theme', theme: theme() });
  }

  addEventListener('message', (event: MessageEvent<ToPage>) => {
    if (event.origin !== hub || frame === null || event.source !== frame.contentWindow) return;
    const message = event.data;
    if (message.halyard === 'ready') {
      ready = true;
      paint();
      tell(open ? { halyard: 'show', focus } : { halyard: 'hide' });
    } else if (message.halyard === 'hide') {
      hide();
    } else if (message.halyard === 'news') {
      if (message.unread > unread && !open) said.textContent = words.unread(message.unread);
      unread = message.unread;
      remember('localStorage', liveKey, message.live);
      draw();
    }
  });
  launch.addEventListener('click', () => (open ? hide() : show(true)));
  // Reaching for it is reason enough to fetch the chat; it connects only when it is opened.
  launch.addEventListener('pointerenter', load, { once: true });
  launch.addEventListener('focus', load, { once: true });
  host.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide();
  });
  document.addEventListener('visibilitychange', draw);
  if (ownTheme === undefined)
    new MutationObserver(paint).observe(root, { attributes: true, attributeFilter: ['data-theme'] });

  paint();
  draw();
  document.body.append(host);
  // On a phone the chat hides the page that somebody has just asked for, so there it does not open by itself.
  if (remembered('sessionStorage', openKey) && !matchMedia(small).matches) show(false);
  else if (remembered('localStorage', liveKey)) load();
  return { open: () => show(true), close: hide, toggle: () => (open ? hide() : show(true)) };
}

const script = document.currentScript;
// The line may stand on a page twice; the first one wins.
if (script instanceof HTMLScriptElement && window.Halyard === undefined) {
  let begun: HalyardChat | null = null;
  const chat = (): HalyardChat => {
    begun ??= begin(script);
    return begun;
  };
  // A page may call these before the launcher is drawn.
  window.Halyard = { open: () => chat().open(), close: () => chat().close(), toggle: () => chat().toggle() };
  const idle = (): void => {
    // Safari has no idle callback.
    if ('requestIdleCallback' in window) requestIdleCallback(chat, { timeout: 2000 });
    else setTimeout(chat, 200);
  };
  if (document.readyState === 'complete') idle();
  else addEventListener('load', idle, { once: true });
}
