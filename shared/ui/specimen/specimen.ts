import { mount } from 'svelte';
import '../font.css';
import '../tokens.css';
import '../base.css';
import Specimen from './Specimen.svelte';

// ?theme=dark, ?dir=rtl and ?now=<ms> make the page repeatable for pictures and checks.
const wish = new URLSearchParams(location.search);
const theme = wish.get('theme');
if (theme) document.documentElement.dataset.theme = theme;
document.documentElement.dir = wish.get('dir') ?? 'ltr';

const target = document.getElementById('app');
if (target) mount(Specimen, { target, props: { now: Number(wish.get('now') ?? Date.UTC(2026, 10, 20, 14, 6, 12)) } });
