/** What is built from what: one Vite configuration per process of the app. */
import path from 'node:path'
import babel from '@rolldown/plugin-babel'
import tailwind from '@tailwindcss/vite'
import react, { reactCompilerPreset } from '@vitejs/plugin-react'
import type { InlineConfig } from 'vite'

/** The parts of the app, in the order in which they are reported. */
export const PART_NAMES = ['main', 'preload', 'renderer', 'server-bridge'] as const
export type PartName = (typeof PART_NAMES)[number]

/** The oldest Electron we run on is 33: Node 20.18 and Chrome 130. */
const NODE_TARGET = 'node20.18'
const CHROME_TARGET = 'chrome130'

/**
 * Native addons load files that lie beside them, so they stay in node_modules. The packaged app carries exactly these.
 */
export const EXTERNAL_PACKAGES = ['@lydell/node-pty', 'keytar', 'libsql'] as const

/**
 * What `ws`, the D-Bus client and `ssh2` look for and do without. The addons of `ssh2` are never built: they would have
 * to be, for every system and every Electron, and ciphers come from Node itself.
 */
const OPTIONAL_MODULES = ['bufferutil', 'utf-8-validate', 'x11', 'cpu-features', /[/]sshcrypto[.]node$/]

/** Folders and files a part is made of, for the question whether it has to be built again. */
export const PART_INPUTS: Readonly<Record<PartName, readonly string[]>> = {
  main: ['main', 'preload/contract', 'server-bridge'],
  preload: ['preload', 'server-bridge/contract'],
  renderer: ['renderer', 'preload/contract', 'server-bridge/contract'],
  'server-bridge': ['server-bridge'],
}

/** Where and how to build. */
export interface BuildPlace {
  readonly project: string
  readonly outFolder: string
  readonly dev: boolean
}

/** The Vite configuration of one part. */
export function partConfig(part: PartName, place: BuildPlace): InlineConfig {
  switch (part) {
    case 'main':
      return nodeConfig(place, 'main', { index: 'main/index.ts' }, ['electron', /^electron\//])
    case 'server-bridge':
      return nodeConfig(
        place,
        'server-bridge',
        {
          serve: 'server-bridge/bin/serve.ts',
          agent: 'server-bridge/bin/agent.ts',
          bridge: 'server-bridge/bin/bridge.ts',
        },
        [],
      )
    case 'preload':
      return preloadConfig(place)
    case 'renderer':
      return rendererConfig(place)
  }
}

function commonConfig(place: BuildPlace, outName: string): InlineConfig {
  return {
    configFile: false,
    envDir: false,
    logLevel: 'warn',
    mode: place.dev ? 'development' : 'production',
    cacheDir: path.join(place.project, '.cache', 'vite', outName),
    build: {
      outDir: path.join(place.outFolder, outName),
      emptyOutDir: true,
      // A map inside the packaged app would hand out our sources and double its size.
      sourcemap: place.dev,
      reportCompressedSize: false,
    },
  }
}

/** ESM for Node with everything bundled except what has to stay in node_modules. Not minified: stacks stay readable. */
function nodeConfig(
  place: BuildPlace,
  outName: string,
  entries: Readonly<Record<string, string>>,
  externals: readonly (string | RegExp)[],
): InlineConfig {
  const input = Object.fromEntries(
    Object.entries(entries).map(([name, file]) => [name, path.join(place.project, file)]),
  )
  const common = commonConfig(place, outName)
  return {
    ...common,
    root: place.project,
    publicDir: false,
    // A module has none, and ssh2's ChaCha20 asks for it as soon as it is loaded.
    define: { __dirname: 'import.meta.dirname' },
    ssr: { target: 'node', noExternal: true, external: [...EXTERNAL_PACKAGES] },
    build: {
      ...common.build,
      ssr: true,
      target: NODE_TARGET,
      minify: false,
      rolldownOptions: {
        input,
        external: [...externals, ...EXTERNAL_PACKAGES, ...OPTIONAL_MODULES],
        platform: 'node',
        // Chunks lie beside the entries, so that a path relative to import.meta.url means the same in all of them.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  }
}

/** A sandboxed preload script is one CommonJS file that can require nothing but Electron's renderer half. */
function preloadConfig(place: BuildPlace): InlineConfig {
  const common = commonConfig(place, 'preload')
  return {
    ...common,
    root: place.project,
    publicDir: false,
    build: {
      ...common.build,
      sourcemap: place.dev ? 'inline' : false,
      target: CHROME_TARGET,
      minify: !place.dev,
      lib: {
        entry: path.join(place.project, 'preload/index.ts'),
        formats: ['cjs'],
        fileName: () => 'index.cjs',
      },
      rolldownOptions: { external: ['electron', 'electron/renderer'], output: { codeSplitting: false } },
    },
  }
}

function rendererConfig(place: BuildPlace): InlineConfig {
  const common = commonConfig(place, 'renderer')
  return {
    ...common,
    root: path.join(place.project, 'renderer'),
    plugins: [react(), babel({ presets: [reactCompiler()] }), tailwind()],
    build: {
      ...common.build,
      target: CHROME_TARGET,
      cssTarget: CHROME_TARGET,
      minify: !place.dev,
      modulePreload: { polyfill: false },
      // Fonts and images as files: the policy of the page admits them from our own scheme.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4096,
      // The React compiler takes most of the time of this build, which is known.
      rolldownOptions: { checks: { bundlerTimings: false } },
    },
  }
}

/**
 * The plugin's own preset, with its filters, but named by object: its file finds the compiler by `import.meta.resolve`,
 * which does not exist when Babel requires it under a TypeScript loader such as tsx.
 */
function reactCompiler(): ReturnType<typeof reactCompilerPreset> {
  return { ...reactCompilerPreset(), preset: () => ({ plugins: ['babel-plugin-react-compiler'] }) }
}
