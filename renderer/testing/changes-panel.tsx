/** Changes of a workspace, the panel that shows them, and remarks that are written there. */
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, vi } from 'vitest'
import type { GitRepository } from '#bridge/contract/chats-git'
import { ChangesPanel } from '../features/chats/panel/changes-panel.tsx'
import type { PanelContext } from '../features/chats/panel/panel-slots.ts'
import { sampleChat } from './chat-samples.ts'
import type { FakeBridge } from './fake-bridge.ts'
import { createQuietBridge, renderPage } from './render-app.tsx'
import { sampleDeployment } from './wire-samples.ts'

/** Closes the panel after each test of the file, and forgets what it keeps. */
export function closeChangesAfterEach(): void {
  afterEach(() => {
    cleanup()
    localStorage.clear()
  })
}

export const sampleDiff = `diff --git a/retry.go b/retry.go
--- a/retry.go
+++ b/retry.go
@@ -1,2 +1,2 @@
 package refund
-old()
+next()
`
export const sampleRepository: GitRepository = {
  repo_root: '/home/me/app',
  branch: 'agent/retry',
  unified_diff: sampleDiff,
}

export function showPanel(fake: FakeBridge, more: Partial<PanelContext> = {}) {
  const addReference = vi.fn()
  renderPage(
    <ChangesPanel
      deployment={sampleDeployment()}
      chat={sampleChat()}
      isMine
      hasDesktop={false}
      addReference={addReference}
      send={async () => undefined}
      {...more}
    />,
    fake,
  )
  return { addReference }
}

export function withChanges(repositories: GitRepository[] = [sampleRepository]): FakeBridge {
  const fake = createQuietBridge()
  fake.feed('chats.watchGit', () => ({ repositories }))
  fake.answer('chats.gitAction', () => null)
  return fake
}

/** Begins a remark about the second line of the sample. */
export async function writeRemark(): Promise<HTMLTextAreaElement> {
  const buttons = await screen.findAllByRole('button', { name: 'Comment on line 2 of retry.go' })
  fireEvent.click(buttons.at(-1) as Element)
  const field = screen.getByRole<HTMLTextAreaElement>('textbox', {
    name: 'Comment on line 2 of retry.go',
  })
  fireEvent.change(field, { target: { value: 'Keep the old one' } })
  return field
}

/** What is written in the only field. */
export const remark = (): string | undefined => screen.queryByRole<HTMLTextAreaElement>('textbox')?.value
export const remarks = (): string[] =>
  screen.getAllByRole<HTMLTextAreaElement>('textbox', { name: /^Comment on/ }).map(({ value }) => value)
