import './widget.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { browserMemory } from './chat/memory.ts';
import { Frame } from './frame/frame.svelte.ts';
import { say, speak } from './text/say.ts';

const asked = new URLSearchParams(location.search);
const root = document.documentElement;
const organisation = asked.get('organisation');
const channel = asked.get('channel') === 'legacy' ? 'legacy' : 'chat';

speak(asked.get('language') ?? navigator.language);
root.lang = asked.get('language') ?? 'en';
root.dir = asked.get('direction') === 'rtl' ? 'rtl' : 'ltr';
document.title = say('chat.title');

const frame = new Frame(window);
frame.paint(asked.get('theme') ?? '');
mount(App, { target: document.body, props: { frame, organisation, channel, memory: browserMemory(organisation) } });
frame.ready();
