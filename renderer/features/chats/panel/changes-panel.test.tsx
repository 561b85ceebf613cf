import { cleanup, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import type { GitRepository } from '#bridge/contract/chats-git'
import { sampleChat } from '../../../testing/chat-samples.ts'
import { failure, type FakeBridge } from '../../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../../testing/render-app.tsx'
import { sampleDeployment } from '../../../testing/wire-samples.ts'
import { ChangesPanel } from './changes-panel.tsx'
import type { PanelContext } from './panel-slots.ts'

afterEach(cleanup)

const diff = `diff --git a/retry.go b/retry.go
--- a/retry.go
+++ b/retry.go
@@ -1,2 +1,2 @@
 package refund
-old()
+next()
`
const repository: GitRepository = { repo_root: '/home/me/app', branch: 'agent/retry', unified_diff: diff }

function show(fake: FakeBridge, more: Partial<PanelContext> = {}) {
  const addReference = vi.fn()
  renderPage(
    <ChangesPanel
      deployment={sampleDeployment()}
      chat={sampleChat()}
      isMine
      addReference={addReference}
      send={async () => undefined}
      {...more}
    />,
    fake,
  )
  return { addReference }
}
function withChanges(repositories: GitRepository[] = [repository]): FakeBridge {
  const fake = createQuietBridge()
  fake.feed('chats.watchGit', () => ({ repositories }))
  fake.answer('chats.gitAction', () => null)
  return fake
}

it('shows each file with what came and went', async () => {
  show(withChanges())
  const file = await screen.findByRole('region', { name: 'retry.go' })
  expect(within(file).getByText('next', { exact: false })).toBeTruthy()
  expect(screen.getByText('agent/retry')).toBeTruthy()
})

it('puts a remark about a line to the message, with the line', async () => {
  const { addReference } = show(withChanges())
  fireEvent.click(
    (await screen.findAllByRole('button', { name: 'Comment on line 2 of retry.go' })).at(-1) as Element,
  )
  const field = screen.getByRole('textbox', { name: 'Comment on line 2 of retry.go' })
  fireEvent.change(field, { target: { value: 'Keep the old one' } })
  fireEvent.click(screen.getByRole('button', { name: 'Add to message' }))
  expect(addReference).toHaveBeenCalledWith(
    { fileName: 'retry.go', startLine: 2, endLine: 2, content: 'next()' },
    'Keep the old one',
  )
})

it('asks before changes are discarded, and says why they are not', async () => {
  const fake = withChanges()
  fake.answer('chats.gitAction', () => {
    throw failure<'chats.gitAction'>('not_found', 'The file is not there any more.')
  })
  show(fake)
  fireEvent.click(await screen.findByRole('button', { name: 'Actions for retry.go' }))
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Discard changes…' }))
  expect(fake.inputsOf('chats.gitAction')).toEqual([])
  fireEvent.click(await screen.findByRole('button', { name: 'Discard' }))
  expect(await screen.findByText('The file is not there any more.')).toBeTruthy()
  expect(fake.inputsOf('chats.gitAction')).toMatchObject([
    { action: { repo_root: '/home/me/app', path: 'retry.go', action: 'discard' } },
  ])
})

it('only shows the changes of somebody else’s chat', async () => {
  show(withChanges(), { isMine: false })
  await screen.findByRole('region', { name: 'retry.go' })
  expect(screen.queryByRole('button', { name: /Comment on/ })).toBeNull()
})

it('says that nothing changed, and why there is nothing to look into', async () => {
  show(withChanges([{ ...repository, unified_diff: '' }]))
  expect(await screen.findByText('Nothing has changed')).toBeTruthy()
  cleanup()
  const fake = createQuietBridge()
  fake.feed('chats.watchGit', () => {
    throw failure<'chats.watchGit'>('no_workspace', 'This chat has no workspace.')
  })
  show(fake)
  expect(await screen.findByText('This chat has no workspace.')).toBeTruthy()
})
