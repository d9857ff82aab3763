import '../shared/ui/font.css';
import '../shared/ui/tokens.css';
import '../shared/ui/base.css';
import { mount } from 'svelte';
import Wallboard from './Wallboard.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('wallboard/index.html has no element #app.');
// `?kiosk`: a screen without hands, read from 5 m.
const kiosk = new URLSearchParams(location.search).has('kiosk');
if (kiosk) document.documentElement.dataset.scale = 'wall';
mount(Wallboard, { target, props: { kiosk } });
