import { defineConfig, globalIgnores } from 'eslint/config'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'
import { plugin } from './scripts/lint/plugin.js'
import { testRules, typescriptRules } from './scripts/lint/typescript-rules.js'

const CODE = ['**/*.ts', '**/*.tsx', '**/*.js']
const TESTS = [
  '**/*.test.ts',
  '**/*.test.tsx',
  '{server-bridge,main,renderer}/testing/**',
  'e2e/**',
  'scripts/vitest/**',
]

const KIT = {
  regex: String.raw`^(@base-ui/react|lucide-react)(/|$)`,
  message: 'The headless kit and the icons are wrapped in renderer/ui: import the component from there.',
}
const ELECTRON = {
  name: 'electron',
  allowTypeImports: true,
  message: 'Electron is used in main/shell, main/index.ts and preload/index.ts only: add a method to a port.',
}

export default defineConfig(
  globalIgnores([
    'node_modules/',
    'dist/',
    'release/',
    '.cache/',
    'coverage/',
    'test-results/',
    'scripts/*/fixtures/',
    'scripts/tsconfig/*.d.ts',
  ]),
  {
    files: CODE,
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { outpost: plugin },
    languageOptions: {
      parserOptions: { project: './scripts/tsconfig/lint.json', tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...typescriptRules,
      ...Object.fromEntries(Object.keys(plugin.rules).map((name) => [`outpost/${name}`, 'error'])),
      'outpost/no-raw-colour': 'off',
      'outpost/open-external-in-one-file': 'off',
      '@typescript-eslint/no-restricted-imports': ['error', { paths: [ELECTRON], patterns: [KIT] }],
      'no-console': 'error',
      eqeqeq: 'error',
      'object-shorthand': 'error',
      'max-params': ['error', 4],
      // ESLint counts every `?.`, `??` and default value as a branch, so this is stricter than it looks.
      complexity: ['error', { max: 15, variant: 'modified' }],
    },
  },

  // Where Electron's values are allowed.
  {
    files: ['main/shell/**', 'main/index.ts', 'preload/index.ts', 'scripts/electron-runtime/default_app/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [KIT] }],
      'outpost/open-external-in-one-file': 'error',
    },
  },
  // Untyped JavaScript that the offline Electron runtime loads before the app.
  { files: ['scripts/electron-runtime/default_app/**'], extends: [tseslint.configs.disableTypeChecked] },
  { files: ['main/shell/window.ts'], rules: { 'outpost/window-in-one-file': 'off' } },
  { files: ['main/shell/shell-open.ts'], rules: { 'outpost/open-external-in-one-file': 'off' } },

  // The renderer.
  {
    files: ['renderer/**'],
    extends: [reactHooks.configs.flat['recommended-latest']],
    rules: {
      'outpost/no-raw-colour': 'error',
      // Markup is long without being hard.
      'outpost/function-size': ['error', { max: 100 }],
    },
  },
  { files: ['renderer/preview/**'], rules: { 'outpost/function-size': 'off', 'max-params': 'off' } },
  {
    files: ['renderer/ui/**'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: [ELECTRON] }] },
  },

  // Programs that talk to a terminal and read their environment.
  {
    files: ['scripts/**', 'bench/**', 'server-bridge/bin/**'],
    rules: { 'no-console': 'off', 'outpost/no-environment': 'off' },
  },
  { files: ['main/index.ts'], rules: { 'outpost/no-environment': 'off' } },
  { files: ['bench/**'], rules: { 'outpost/no-random': 'off' } },
  // What a library exports is its own.
  { files: ['**/*.config.ts', '**/*.config.js', '**/*.d.ts'], rules: { 'outpost/no-default-export': 'off' } },
  { files: TESTS, rules: testRules },
)
