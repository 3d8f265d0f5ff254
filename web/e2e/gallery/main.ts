import '../../src/styles/all.css';
import { mount } from 'svelte';
import { applyTheme } from '$lib/theme';
import Gallery from './Gallery.svelte';

applyTheme();
mount(Gallery, { target: document.getElementById('app') as HTMLElement });
