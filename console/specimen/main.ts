import '../../shared/ui/font.css';
import '../../shared/ui/tokens.css';
import '../../shared/ui/base.css';
import { mount } from 'svelte';
import Specimen from './Specimen.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('The page has no #app to stand in.');
mount(Specimen, { target });
