import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import tseslint from 'typescript-eslint'
import { describe, expect, it } from 'vitest'
import { plugin } from './plugin.js'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))

// The texts below are no files, so there are no types for them; rules that need types are switched off.
const eslint = new ESLint({
  cwd: REPOSITORY,
  overrideConfig: [tseslint.configs.disableTypeChecked],
})

async function rulesBroken(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(REPOSITORY, file) })
  return [...new Set(result?.messages.map(({ ruleId, message }) => ruleId ?? message))]
}

const LONG_FUNCTION = `export function long() {\n${'  f()\n'.repeat(70)}}`
const FACTORY = `export function create() {\n${'  on(() => {\n    f()\n    f()\n  })\n'.repeat(25)}}`

/** `[file, code, rule]`: the rule must be all that is said about the code in that file. */
const BAD: readonly (readonly [file: string, code: string, rule: string])[] = [
  ['main/shell/tray.ts', 'export const w = new BrowserWindow({})', 'outpost/window-in-one-file'],
  ['main/shell/tray.ts', 'export const w = new electron.WebContentsView({})', 'outpost/window-in-one-file'],
  [
    'main/shell/tray.ts',
    'export const o = () => shell.openExternal(url)',
    'outpost/open-external-in-one-file',
  ],
  ['main/shell/tray.ts', 'export const { openExternal } = shell', 'outpost/open-external-in-one-file'],
  [
    'server-bridge/lib/a.ts',
    'fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(1000)]) })',
    'outpost/no-lost-timeout',
  ],
  ['main/app.ts', 'eval(text)', 'outpost/no-code-from-text'],
  ['main/app.ts', 'window.eval(text)', 'outpost/no-code-from-text'],
  ['main/shell/tray.ts', 'contents.executeJavaScript(text)', 'outpost/no-code-from-text'],
  ['main/shell/tray.ts', 'contents.executeJavaScriptInIsolatedWorld(1, text)', 'outpost/no-code-from-text'],
  [
    'renderer/ui/a.tsx',
    'export const a = <p dangerouslySetInnerHTML={{ __html: text }} />',
    'outpost/no-code-from-text',
  ],
  ['renderer/ui/a.ts', 'node.innerHTML = text', 'outpost/no-code-from-text'],
  ['renderer/ui/a.ts', "node.insertAdjacentHTML('beforeend', text)", 'outpost/no-code-from-text'],
  ['server-bridge/lib/a.ts', "import { exec } from 'node:child_process'\nexec(text)", 'outpost/no-shell'],
  ['scripts/a.ts', "import { execSync } from 'child_process'\nexecSync(text)", 'outpost/no-shell'],
  ['server-bridge/lib/a.ts', 'spawn(name, [], { shell: true })', 'outpost/no-shell'],
  ['server-bridge/lib/a.ts', "spawn(name, [], { shell: '/bin/sh' })", 'outpost/no-shell'],
  ['server-bridge/lib/a.ts', 'export const n = Math.random()', 'outpost/no-random'],
  ['main/app.ts', 'export const h = process.env', 'outpost/no-environment'],
  ['main/app.ts', 'export default 1', 'outpost/no-default-export'],
  ['renderer/ui/a.ts', "export const c = '#fff'", 'outpost/no-raw-colour'],
  ['renderer/ui/a.tsx', "export const c = <p style={{ color: '#a1b2c3' }} />", 'outpost/no-raw-colour'],
  ['renderer/ui/a.ts', 'export const c = `1px solid rgb(${r} 0 0)`', 'outpost/no-raw-colour'],
  ['renderer/ui/a.ts', "export const c = 'bg-[oklch(0.5_0.1_20)]'", 'outpost/no-raw-colour'],
  ['main/app.ts', LONG_FUNCTION, 'outpost/function-size'],
  ['main/app.ts', 'console.log(1)', 'no-console'],
  ['main/app.ts', 'export const a = b!.c', '@typescript-eslint/no-non-null-assertion'],
  ['main/app.ts', "import { app } from 'electron'\napp.quit()", '@typescript-eslint/no-restricted-imports'],
  [
    'renderer/features/a.tsx',
    "import { X } from 'lucide-react'\nX()",
    '@typescript-eslint/no-restricted-imports',
  ],
  [
    'renderer/app/a.tsx',
    "import { D } from '@base-ui/react/dialog'\nD()",
    '@typescript-eslint/no-restricted-imports',
  ],
  ['main/app.ts', 'export const a = (b: unknown) => b == 1', 'eqeqeq'],
  [
    'main/app.ts',
    'export function f(a: 1, b: 1, c: 1, d: 1, e: 1) {\n  return [a, b, c, d, e]\n}',
    'max-params',
  ],
  [
    'renderer/ui/a.tsx',
    'export function A() {\n  if (x) useState(1)\n  return null\n}',
    'react-hooks/rules-of-hooks',
  ],
  ['main/app.ts', '// @ts-expect-error\nf()', '@typescript-eslint/ban-ts-comment'],
]

const GOOD: readonly (readonly [file: string, code: string])[] = [
  ['main/shell/window.ts', 'export const w = new BrowserWindow({})'],
  ['main/shell/shell-open.ts', 'export const o = () => shell.openExternal(url)'],
  ['main/features/workspaces/open.ts', 'export const o = () => desktop.openExternal(url)'],
  ['main/app.ts', "import type { App } from 'electron'\nexport type A = App"],
  ['main/index.ts', "import { app } from 'electron'\napp.quit(process.env)"],
  ['server-bridge/lib/a.ts', "import { execFile } from 'node:child_process'\nexecFile(name, [])"],
  ['server-bridge/lib/a.ts', 'fetch(url, { signal: AbortSignal.timeout(1000) })'],
  ['server-bridge/lib/a.ts', 'export const jitter = (random = Math.random) => random()'],
  ['server-bridge/bin/serve.ts', 'console.log(process.env)'],
  ['scripts/vitest/vitest.config.ts', 'export default {}'],
  ['main/app.test.ts', "export const a = b!.c[process.env['HOME']!]"],
  [
    'renderer/ui/a.tsx',
    "import { X } from 'lucide-react'\nX('#bridge/contract', '#section', 'var(--accent)')",
  ],
  [
    'main/app.ts',
    '// eslint-disable-next-line no-console -- the crash is told before there is a log\nconsole.error(1)',
  ],
  ['main/app.ts', FACTORY],
]

describe('lint', () => {
  it.each(BAD.map(([file, code, rule]) => ({ file, code, rule })))(
    '$rule refuses in $file: $code',
    async (row) => {
      expect(await rulesBroken(row.file, row.code)).toEqual([row.rule])
    },
  )

  it.each(GOOD.map(([file, code]) => ({ file, code })))('accepts in $file: $code', async ({ file, code }) => {
    expect(await rulesBroken(file, code)).toEqual([])
  })

  it('has a bad example for each rule of our own', () => {
    const proven = new Set(BAD.map(([, , rule]) => rule))
    expect(Object.keys(plugin.rules).filter((name) => !proven.has(`outpost/${name}`))).toEqual([])
  })

  it.each([
    '@typescript-eslint/no-floating-promises',
    '@typescript-eslint/switch-exhaustiveness-check',
    '@typescript-eslint/no-misused-promises',
    '@typescript-eslint/no-unsafe-assignment',
    '@typescript-eslint/no-explicit-any',
  ])('has the typed rule %s on in every process', async (rule) => {
    const typed = new ESLint({ cwd: REPOSITORY })
    for (const file of [
      'main/app.ts',
      'preload/index.ts',
      'renderer/app/frame.tsx',
      'server-bridge/server/a.ts',
    ]) {
      const config = (await typed.calculateConfigForFile(join(REPOSITORY, file))) as {
        rules: Record<string, [severity: number]>
      }
      expect(config.rules[rule]?.[0]).toBe(2)
    }
  })
})
