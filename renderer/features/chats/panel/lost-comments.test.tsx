import { act, cleanup, fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { GitRepository } from '#bridge/contract/chats-git'
import {
  closeChangesAfterEach,
  remark,
  remarks,
  sampleDiff,
  sampleRepository,
  showPanel,
  withChanges,
  writeRemark,
} from '../../../testing/changes-panel.tsx'
import { sampleChat } from '../../../testing/chat-samples.ts'
import { failure, type FakeBridge } from '../../../testing/fake-bridge.ts'
import { createQuietBridge } from '../../../testing/render-app.tsx'
import { sampleId } from '../../../testing/wire-samples.ts'

closeChangesAfterEach()

describe('a remark about a file that is not among the changes any more', () => {
  const lost = () => screen.getByRole('region', { name: 'Remarks about files that are not shown' })
  const elsewhere: GitRepository = {
    ...sampleRepository,
    unified_diff: sampleDiff.replaceAll('retry.go', 'other.go'),
  }
  const scanned = (fake: FakeBridge, repositories: GitRepository[]) =>
    act(() => fake.push('chats.watchGit', { repositories }))

  it('stays with its line, and goes to the message', async () => {
    const fake = withChanges()
    const { addReference } = showPanel(fake)
    await writeRemark()
    scanned(fake, [elsewhere])
    await screen.findByRole('region', { name: 'other.go' })
    expect(lost().textContent).toContain('retry.go')
    expect(lost().textContent).toContain('next()')
    expect(remarks()).toEqual(['Keep the old one'])
    // Whoever was typing goes on.
    expect(document.activeElement).toBe(screen.getByRole('textbox'))
    fireEvent.click(within(lost()).getByRole('button', { name: 'Add to message' }))
    expect(addReference).toHaveBeenCalledWith(
      { fileName: 'retry.go', startLine: 2, endLine: 2, content: 'next()' },
      'Keep the old one',
    )
    expect(remark()).toBeUndefined()
  })

  it('stays where nothing has changed or nothing can be read, and goes back to its file', async () => {
    const fake = withChanges()
    showPanel(fake)
    await writeRemark()
    scanned(fake, [{ ...sampleRepository, unified_diff: '' }])
    await screen.findByText('Nothing has changed')
    expect(within(lost()).getByRole('textbox')).toBeTruthy()
    scanned(fake, [sampleRepository])
    const file = await screen.findByRole('region', { name: 'retry.go' })
    expect(within(file).getByRole('textbox')).toBeTruthy()
    expect(remarks()).toEqual(['Keep the old one'])
    cleanup()
    const without = createQuietBridge()
    without.feed('chats.watchGit', () => {
      throw failure<'chats.watchGit'>('no_workspace', 'This chat has no workspace.')
    })
    showPanel(without)
    await screen.findByText('This chat has no workspace.')
    fireEvent.click(within(lost()).getByRole('button', { name: 'Cancel' }))
    expect(remark()).toBeUndefined()
  })

  it('is at its place among others while it is written', async () => {
    const [first, second] = ['a\u202eb.go', 'c.go'].map((path) => sampleDiff.replaceAll('retry.go', path))
    const fake = withChanges([{ ...sampleRepository, unified_diff: `${first}${second}` }])
    showPanel(fake)
    for (const path of ['c.go', 'a‹U+202E›b.go']) {
      const buttons = await screen.findAllByRole('button', { name: `Comment on line 2 of ${path}` })
      fireEvent.click(buttons.at(-1) as Element)
    }
    scanned(fake, [elsewhere])
    await screen.findByRole('region', { name: 'other.go' })
    const fields = within(lost()).getAllByRole('textbox')
    fireEvent.change(fields[0] as Element, { target: { value: 'first' } })
    expect(within(lost()).getAllByRole('textbox')).toEqual(fields)
    expect(remarks()).toEqual(['first', ''])
    expect(lost().textContent).toMatch(/a‹U\+202E›b\.go.*c\.go/s)
    for (const button of screen.getAllByRole('button', { name: 'Cancel' })) fireEvent.click(button)
    expect(screen.queryByRole('region', { name: /^Remarks/ })).toBeNull()
  })

  it('is of one chat, and of whoever may write there', async () => {
    showPanel(withChanges())
    await writeRemark()
    cleanup()
    showPanel(withChanges([]), { chat: sampleChat({ id: sampleId(30, 9) }) })
    await screen.findByText('Nothing has changed')
    expect(remark()).toBeUndefined()
    cleanup()
    showPanel(withChanges([]), { isMine: false })
    await screen.findByText('Nothing has changed')
    expect(remark()).toBeUndefined()
    cleanup()
    showPanel(withChanges([]))
    await screen.findByText('Nothing has changed')
    fireEvent.click(within(lost()).getByRole('button', { name: 'Cancel' }))
  })
})
