import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const core = process.env['SIGNWRIGHT_CORE'] ?? 'http://127.0.0.1:4717'

// The core answers its own page only, so requests arrive as if they came from there.
const toCore = { target: core, changeOrigin: true, headers: { origin: core } }

export default defineConfig({
  root: 'src-renderer',
  plugins: [vue()],
  resolve: { alias: { '#shared': fileURLToPath(new URL('src-shared', import.meta.url)) } },
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    // ECharts alone has 660 kB; the screens that draw charts load it when they are opened.
    chunkSizeWarningLimit: 700,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/rpc': { ...toCore, ws: true }, '/media': toCore },
  },
})
