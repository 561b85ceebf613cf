import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { listProcessesWith } from './process-list.ts'

test.runIf(process.platform === 'linux')(
  'finds a process that starts one program after the other without a pause',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outpost-process-list-'))
    onTestFinished(() => {
      rmSync(folder, { recursive: true, force: true })
    })
    const mark = randomUUID()
    const program = join(folder, 'restless')
    writeFileSync(program, '#!/bin/sh\n[ -n "$1" ] || echo up\nexec "$0" again\n', { mode: 0o700 })
    const child = spawn(program, { env: { OUTPOST_TEST_MARK: mark }, stdio: ['ignore', 'pipe', 'ignore'] })
    const ended = once(child, 'exit')
    await once(child.stdout, 'data')
    const looks = await Promise.all(
      Array.from({ length: 100 }, () => listProcessesWith('OUTPOST_TEST_MARK', mark)),
    )
    child.kill('SIGKILL')
    await ended
    expect(looks.filter((found) => found[0] !== child.pid)).toEqual([])
    expect(await listProcessesWith('OUTPOST_TEST_MARK', mark)).toEqual([])
  },
)
