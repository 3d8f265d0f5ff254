/** The entry of the product: words, theme, then the app. Areas arrive later, each in its own chunk. */
import './styles/all.css';
import { mount } from 'svelte';
import { currentLanguage } from '$lib/i18n';
import { applyTheme } from '$lib/theme';
import App from './App.svelte';

applyTheme();
document.documentElement.lang = currentLanguage();
mount(App, { target: document.getElementById('app') as HTMLElement });
