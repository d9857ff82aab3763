import type { CustomerChannel } from '../../shared/contract/customer.ts';
import type { Door } from '../../shared/contract/read.ts';

/**
 * The page for trying the chat. Where the demo door is open it also says how to play all three parts. The demo's list
 * comes after the page is drawn, below the fold line of the prompt, so its room is kept by the sheet.
 */
async function prompt(): Promise<void> {
  const response = await fetch('/auth/door');
  const answer = (await response.json()) as { ok: boolean; value?: Door };
  if (!answer.ok || !answer.value || answer.value.demo.length === 0) return;
  const words = document.getElementById('prompt-words');
  const steps = document.getElementById('prompt-demo');
  if (words === null || steps === null) return;
  words.textContent =
    'There is no bank behind it. You are its customer, and in two more tabs you can be everybody else:';
  steps.hidden = false;
}

/**
 * `/customer?channel=legacy` tries the other channel. This runs before the page is loaded, and the widget's line is read only
 * after that, so the attribute stands as if it were written there.
 */
function choose(): void {
  const channel: CustomerChannel = new URLSearchParams(location.search).get('channel') === 'legacy' ? 'legacy' : 'chat';
  const line = document.querySelector<HTMLScriptElement>('script[src="/widget.js"]');
  const note = document.getElementById('prompt-legacy');
  if (line !== null && note !== null && channel === 'legacy') {
    line.dataset.channel = channel;
    note.hidden = false;
  }
  document.querySelector(`.channels a[data-channel="${channel}"]`)?.setAttribute('aria-current', 'page');
}

choose();
prompt().catch(() => {
  // Without an answer the page says what is true of it anyway.
});
