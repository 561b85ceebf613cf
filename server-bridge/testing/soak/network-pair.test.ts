import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { waitFor } from '../wait-for.ts'
import type { HeldNetworks } from './network-holder.ts'
import { listNetworks } from './network-names.ts'
import { createNetworkPair, whyNoNetworks } from './network-pair.ts'
import { spawnProgram } from './program-calls.ts'

const reason = whyNoNetworks()
/** Programs are started, on machines that have other things to do. */
const timeout = 60_000
const without = reason === undefined ? '' : ` (left out: ${reason})`

describe.skipIf(reason !== undefined)(`networks of the kernel${without}`, { timeout }, () => {
  it.each(['SIGINT', 'SIGKILL'] as const)('go with all that runs in them after %s', async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), 'outpost-networks-'))
    const holder = spawnProgram('network-holder', [folder])
    const [held] = (await once(holder, 'message')) as [HeldNetworks]
    expect(listNetworks()).toEqual(expect.arrayContaining([...held.names]))
    const exited = once(holder, 'exit')
    holder.kill(signal)
    await exited
    const isGone = () => {
      const made = new Set(listNetworks())
      const isLeft =
        held.names.some((name) => made.has(name)) || existsSync(`/proc/${held.pid}`) || existsSync(folder)
      return isLeft ? undefined : true
    }
    await waitFor('everything is gone', isGone, timeout)
  })

  it('are others for each run', async () => {
    const pairs = await Promise.all(
      [0, 1].map(() => createNetworkPair(mkdtempSync(join(tmpdir(), 'outpost-networks-')))),
    )
    const names = pairs.flatMap((pair) => Object.values(pair.names))
    expect(new Set(names).size).toBe(4)
    await Promise.all(pairs.map((pair) => pair.close()))
    expect(listNetworks().filter((name) => names.includes(name))).toEqual([])
  })
})
