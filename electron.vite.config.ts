import { defineConfig } from 'electron-vite'

const external = [
  'electron',
  'better-sqlite3',
  'onnxruntime-node',
  'fluent-ffmpeg',
  /^@ff(mpeg|probe)-installer/,
  'pino',
  'ws',
  // A native module, and dictionaries that are files of their own.
  /^@node-rs\/jieba/,
  'wink-nlp',
  'wink-eng-lite-web-model',
]

/** The renderer is built by Vite alone (vite.config.ts): the same page serves the browser shell. */
export default defineConfig({
  main: {
    resolve: {
      alias: {
        '#shared': new URL('src-shared', import.meta.url).pathname,
        '#main': new URL('src-main', import.meta.url).pathname,
      },
    },
    build: {
      outDir: 'out/main',
      target: 'node24',
      rollupOptions: {
        external,
        input: {
          main: 'src-main/shells/electron/main.ts',
          'core-host': 'src-main/shells/electron/core-host.ts',
          engine: 'src-main/engine/process/main.ts',
          'inference.worker': 'src-main/engine/process/inference.worker.ts',
          'analysis.worker': 'src-main/core/analysis/analysis.worker.ts',
          'density.worker': 'src-main/core/density/density.worker.ts',
          'file-acts.worker': 'src-main/core/annotation-files/file-acts.worker.ts',
          'language.worker': 'src-main/language/language.worker.ts',
          'scoring.worker': 'src-main/core/evaluation/scoring.worker.ts',
          'decode.worker': 'src-main/engine/frames/decode.worker.ts',
        },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: {
        external,
        input: { preload: 'src-main/shells/electron/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
})
