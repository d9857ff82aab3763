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

prompt().catch(() => {
  // Without an answer the page says what is true of it anyway.
});
