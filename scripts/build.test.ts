import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp, readBuildArguments } from './build.ts'

const SOURCES: Readonly<Record<string, string>> = {
  'package.json': '{"type":"module","imports":{"#bridge/*":"./server-bridge/*.ts"}}',
  'server-bridge/contract/greeting.ts':
    "import { z } from 'zod'\nexport const greeting = z.string().parse('hello')\n",
  'server-bridge/bin/serve.ts':
    "import { greeting } from '../contract/greeting.ts'\nimport { createRequire } from 'node:module'\n" +
    "createRequire(import.meta.url).resolve('libsql')\nconsole.log(greeting)\n",
  'server-bridge/bin/agent.ts': "console.log('agent')\n",
  'server-bridge/bin/bridge.ts': "console.log('bridge')\n",
  'server-bridge/provisioner/templates/one/main.tf': 'resource "a" "b" {}\n',
  'main/index.ts':
    "import { app } from 'electron'\nimport { greeting } from '#bridge/contract/greeting'\napp.setName(greeting)\n",
  'preload/index.ts':
    "import { contextBridge } from 'electron'\ncontextBridge.exposeInMainWorld('bridge', {})\n",
  'renderer/index.html': '<!doctype html><script type="module" src="./main.tsx"></script>',
  'renderer/main.tsx':
    "import { createRoot } from 'react-dom/client'\n" +
    'function List(props: { names: string[] }) { return <ul>{props.names.map((name) => <li key={name}>{name}</li>)}</ul> }\n' +
    "createRoot(document.body).render(<List names={['one']} />)\n",
}

let project: string

beforeAll(async () => {
  project = await mkdtemp(path.join(os.tmpdir(), 'outpost-build-'))
  for (const [name, text] of Object.entries(SOURCES)) {
    await mkdir(path.dirname(path.join(project, name)), { recursive: true })
    await writeFile(path.join(project, name), text)
  }
  await symlink(
    fileURLToPath(new URL('../node_modules', import.meta.url)),
    path.join(project, 'node_modules'),
  )
})

afterAll(async () => {
  await rm(project, { recursive: true, force: true })
})

describe('the build', () => {
  const quiet = (): void => undefined

  it('makes every part of the app', { timeout: 60_000 }, async () => {
    expect(await buildApp({ project, log: quiet })).toEqual(['main', 'preload', 'renderer', 'server-bridge'])
    const main = await readFile(path.join(project, 'dist/main/index.js'), 'utf8')
    expect(main).toMatch(/from "electron"/)
    expect(main).not.toMatch(/from "zod"/)
    expect(await readFile(path.join(project, 'dist/server-bridge/templates/one/main.tf'), 'utf8')).toContain(
      'resource',
    )
  })

  it('makes a server that starts under plain Node', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      path.join(project, 'dist/server-bridge/serve.js'),
    ])
    expect(stdout).toBe('hello\n')
  })

  it('runs the React compiler over components', async () => {
    const html = await readFile(path.join(project, 'dist/renderer/index.html'), 'utf8')
    const script = /src="\/(assets\/[^"]+\.js)"/.exec(html)?.[1] ?? ''
    expect(await readFile(path.join(project, 'dist/renderer', script), 'utf8')).toContain(
      'react.memo_cache_sentinel',
    )
  })

  it('builds only what changed', { timeout: 60_000 }, async () => {
    expect(await buildApp({ project, log: quiet })).toEqual([])
    await writeFile(
      path.join(project, 'preload/index.ts'),
      `${SOURCES['preload/index.ts'] ?? ''}console.log(1)\n`,
    )
    expect(await buildApp({ project, log: quiet })).toEqual(['preload'])
    await rm(path.join(project, 'dist/main/index.js'))
    expect(await buildApp({ project, log: quiet })).toEqual(['main'])
  })

  it('refuses a preload that pulls in schemas, every time it is asked', { timeout: 60_000 }, async () => {
    await writeFile(
      path.join(project, 'preload/index.ts'),
      "import { greeting } from '#bridge/contract/greeting'\nconsole.log(greeting)\n",
    )
    const build = async (): Promise<unknown> => buildApp({ project, log: quiet, parts: ['preload'] })
    await expect(build()).rejects.toThrow('contains zod')
    await expect(build()).rejects.toThrow('contains zod')
  })
})

describe('readBuildArguments', () => {
  it('builds everything when nothing is named', () => {
    expect(readBuildArguments([]).parts).toHaveLength(4)
  })

  it('builds the named parts', () => {
    expect(readBuildArguments(['--dev', 'preload'])).toEqual({ parts: ['preload'], dev: true, force: false })
  })

  it('refuses words it does not know', () => {
    expect(() => readBuildArguments(['everything'])).toThrow('Unknown: everything')
  })
})
