/** @type {import('@sveltejs/vite-plugin-svelte').SvelteConfig} */
export default {
  compilerOptions: {
    runes: true,
    // By content, never by path: a build in another directory must give the same bytes.
    cssHash: ({ hash, css }) => `s-${hash(css)}`,
  },
};
