/**
 * The launcher's own sheet, for its shadow root. It goes in as a constructed sheet, which a strict content security
 * policy allows. The colours are those of `shared/ui/tokens.css` (a test compares them).
 */
export const colours = {
  light: {
    accent: '#175ba6',
    'accent-hover': '#124a88',
    'accent-on': '#ffffff',
    'accent-text': '#15559c',
    focus: '#1d6fd1',
    surface: '#fafbfc',
    raised: '#ffffff',
    'shadow-2': '0 4px 14px rgb(16 24 36 / 0.1), 0 1px 3px rgb(16 24 36 / 0.08)',
    'shadow-3': '0 24px 64px rgb(16 24 36 / 0.22), 0 4px 12px rgb(16 24 36 / 0.1)',
  },
  dark: {
    accent: '#2a6fc0',
    'accent-hover': '#245fa8',
    'accent-on': '#ffffff',
    'accent-text': '#82b8f5',
    focus: '#82b8f5',
    surface: '#14181d',
    raised: '#1b2027',
    'shadow-2': '0 0 0 1px #2f3842, 0 8px 24px rgb(0 0 0 / 0.5)',
    'shadow-3': '0 0 0 1px #38424d, 0 28px 72px rgb(0 0 0 / 0.66)',
  },
} as const;

const values = (theme: keyof typeof colours): string =>
  Object.entries(colours[theme])
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

/** Under this width, or height, the chat takes the whole window. */
export const small = '(max-width: 479px), (max-height: 479px)';

export const sheet = `
:host{all:initial;direction:inherit;${values('light')}}
:host([data-theme=dark]){${values('dark')}}
@media (prefers-color-scheme:dark){:host(:not([data-theme=light])){${values('dark')}}}
.panel,.launch{position:fixed;z-index:2147483000;inset-inline-end:24px}
.panel{inset-block-end:92px;inline-size:384px;block-size:min(672px,100dvh - 116px);border-radius:16px;overflow:hidden;background:var(--surface);box-shadow:var(--shadow-3);animation:up 180ms cubic-bezier(.2,0,0,1)}
.panel[hidden]{display:none}
iframe{display:block;inline-size:100%;block-size:100%;border:0}
.launch{inset-block-end:24px;display:grid;place-items:center;inline-size:56px;block-size:56px;margin:0;padding:0;border:0;border-radius:50%;background:var(--accent);color:var(--accent-on);box-shadow:var(--shadow-2);cursor:pointer;transition:background 120ms}
.launch:hover{background:var(--accent-hover)}
.launch:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
svg{inline-size:24px;block-size:24px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.badge{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;box-sizing:border-box;min-inline-size:22px;block-size:22px;padding-inline:6px;border:2px solid var(--accent);border-radius:11px;background:var(--raised);color:var(--accent-text);font:640 12px/18px system-ui,sans-serif;font-variant-numeric:tabular-nums;text-align:center}
.badge:empty{display:none}
.said{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@keyframes up{from{opacity:0;translate:0 8px}}
@media ${small}{.panel{inset:0;inline-size:auto;block-size:auto;border-radius:0}.panel:not([hidden])~.launch{display:none}}
@media (prefers-reduced-motion:reduce){.panel,.launch{animation:none;transition:none}}
@media print{.panel,.launch{display:none}}
`;
