import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import {
  closeChangesAfterEach,
  sampleDiff,
  sampleRepository,
  showPanel,
  withChanges,
} from '../../../testing/changes-panel.tsx'

closeChangesAfterEach()

describe('the tree of changed files', () => {
  const many = ['src/a.go', 'src/deep/b.go', 'go.mod']
    .map((path) => sampleDiff.replaceAll('retry.go', path))
    .join('')
  const scrolled: string[] = []
  const open = async (unified_diff = many) => {
    scrolled.length = 0
    vi.spyOn(HTMLElement.prototype, 'scrollIntoView').mockImplementation(function (this: HTMLElement) {
      scrolled.push(this.getAttribute('aria-label') ?? '')
    })
    const fake = withChanges([{ ...sampleRepository, unified_diff }])
    showPanel(fake)
    const toggle = await screen.findByRole('button', { name: /tree/ })
    if (toggle.getAttribute('aria-pressed') === 'false') fireEvent.click(toggle)
    return { fake, tree: await screen.findByRole('tree', { name: 'Changed files by folder' }) }
  }
  const lines = () => screen.getAllByRole('treeitem').map(({ textContent }) => textContent)
  const currentLine = () => screen.getByRole('treeitem', { selected: true }).textContent

  it('is shown on demand, and then stays', async () => {
    await open()
    expect(lines()).toEqual(['src+2 -2', 'deep+1 -1', 'b.go+1 -1', 'a.go+1 -1', 'go.mod+1 -1'])
    cleanup()
    showPanel(withChanges())
    await screen.findByRole('tree')
    fireEvent.click(screen.getByRole('button', { name: 'Hide the tree of files' }))
    expect(screen.queryByRole('tree')).toBeNull()
  })

  it('is walked, folded and followed by keys', async () => {
    const { tree } = await open()
    const press = (...keys: string[]) => keys.forEach((key) => fireEvent.keyDown(tree, { key }))
    press('ArrowDown', 'ArrowLeft')
    expect(lines()).toEqual(['src+2 -2', 'deep+1 -1', 'a.go+1 -1', 'go.mod+1 -1'])
    press('ArrowLeft')
    expect(currentLine()).toBe('src+2 -2')
    press('ArrowLeft')
    expect(lines()).toEqual(['src+2 -2', 'go.mod+1 -1'])
    press('ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight')
    expect(currentLine()).toBe('b.go+1 -1')
    press('End', 'ArrowLeft')
    expect(currentLine()).toBe('go.mod+1 -1')
    press('Enter')
    await waitFor(() => expect(scrolled.at(-1)).toBe('go.mod'))
  })

  it('is walked past a file that became a folder', async () => {
    const { tree } = await open(
      ['conf', 'conf/a', 'z'].map((path) => sampleDiff.replaceAll('retry.go', path)).join(''),
    )
    const walked = lines().map((_, index) => {
      if (index > 0) fireEvent.keyDown(tree, { key: 'ArrowDown' })
      return currentLine()
    })
    expect(walked).toEqual(['conf+1 -1', 'a+1 -1', 'conf+1 -1', 'z+1 -1'])
  })

  it('does not go back to a file that was chosen once, when it changes again', async () => {
    const { fake } = await open()
    fireEvent.click(screen.getByRole('treeitem', { name: 'go.mod' }))
    await waitFor(() => expect(scrolled.at(-1)).toBe('go.mod'))
    scrolled.length = 0
    act(() => fake.push('chats.watchGit', { repositories: [sampleRepository] }))
    await screen.findByRole('region', { name: 'retry.go' })
    act(() => fake.push('chats.watchGit', { repositories: [{ ...sampleRepository, unified_diff: many }] }))
    await screen.findByRole('region', { name: 'go.mod' })
    expect(scrolled).not.toContain('go.mod')
  })

  it('unfolds a file that is chosen, each time', async () => {
    await open()
    const head = screen.getByRole('button', { name: /^src\/deep\/b.go/ })
    for (let times = 0; times < 2; times += 1) {
      fireEvent.click(head)
      expect(head.getAttribute('aria-expanded')).toBe('false')
      fireEvent.click(screen.getByRole('treeitem', { name: 'b.go' }))
      expect(head.getAttribute('aria-expanded')).toBe('true')
    }
  })
})
