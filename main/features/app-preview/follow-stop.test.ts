import { expect, it } from 'vitest'
import type { Workspace } from '#bridge/contract/workspaces'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { buildWorkspace, testUuid } from '../../testing/builders.ts'
import { createFollowStop } from './follow-stop.ts'

const place = { deploymentId: 'local', workspaceId: testUuid(1) }

function inState(status: Workspace['latest_build']['status']): Workspace {
  const workspace = buildWorkspace({ name: 'dev' })
  return { ...workspace, latest_build: { ...workspace.latest_build, status } }
}

async function told(states: readonly (Workspace | Error)[], isEnded = false): Promise<readonly string[]> {
  const heard: string[] = []
  const read: { done: () => void } = { done: () => undefined }
  const isRead = new Promise<void>((resolve) => (read.done = resolve))
  const follow = createFollowStop(async function* () {
    try {
      for (const state of states) {
        if (state instanceof Error) throw state
        yield state
      }
    } finally {
      read.done()
    }
  })
  const end = follow(place, (how) => heard.push(how))
  if (isEnded) end()
  await isRead
  await Promise.resolve()
  return heard
}

it('tells once that a workspace stopped or is gone', async () => {
  expect(await told([inState('running'), inState('stopping'), inState('stopped')])).toEqual(['stopped'])
  expect(await told([inState('running'), inState('deleted')])).toEqual(['gone'])
  expect(await told([new ProcedureError('deleted', 'This workspace has been deleted.')])).toEqual(['gone'])
})

it('says nothing while it runs, when nobody can look, and when nobody wants to know any more', async () => {
  expect(await told([inState('running')])).toEqual([])
  expect(await told([new ProcedureError('unreachable', 'Away.')])).toEqual([])
  expect(await told([inState('stopped')], true)).toEqual([])
})
