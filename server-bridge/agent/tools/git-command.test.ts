import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { agentManifest } from '../../testing/agent-manifest.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { runGit } from './git-command.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'outpost-git-command-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it.runIf(process.platform !== 'win32')(
  'a git that hangs is ended in time, also after a collection of garbage',
  async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const git = join(folder, 'git')
    writeFileSync(git, '#!/bin/sh\necho begun\nexec sleep 600\n')
    chmodSync(git, 0o700)
    const environment = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` }
    let isOver = false
    const run = runGit(
      {
        root: folder,
        surroundings: { homeDir: folder, manifest: agentManifest(), environment },
        signal: new AbortController().signal,
        timeoutMs: 300,
      },
      ['status'],
      1000,
    ).finally(() => (isOver = true))
    run.catch(() => undefined)
    await waitFor('git is ended', () => {
      collectGarbage()
      return isOver ? true : undefined
    })
    await expect(run).rejects.toThrow('git took too long.')
  },
)
