import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { GitRepository } from '#bridge/contract/chats-git'
import { sampleChat } from '../../../testing/chat-samples.ts'
import { failure, type FakeBridge } from '../../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../../testing/render-app.tsx'
import { sampleDeployment, sampleId } from '../../../testing/wire-samples.ts'
import { useToasts } from '../../../ui/toast-store.ts'
import { ChangesPanel } from './changes-panel.tsx'
import type { PanelContext } from './panel-slots.ts'
import { findChange, showChange } from './shown-change.ts'

afterEach(() => {
  cleanup()
  localStorage.clear()
})

const toastTitles = (): string[] => useToasts.getState().toasts.map(({ title }) => title)

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
      hasDesktop={false}
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

describe('the tree of changed files', () => {
  const many = ['src/a.go', 'src/deep/b.go', 'go.mod']
    .map((path) => diff.replaceAll('retry.go', path))
    .join('')
  const scrolled: string[] = []
  const open = async (unified_diff = many) => {
    scrolled.length = 0
    vi.spyOn(HTMLElement.prototype, 'scrollIntoView').mockImplementation(function (this: HTMLElement) {
      scrolled.push(this.getAttribute('aria-label') ?? '')
    })
    const fake = withChanges([{ ...repository, unified_diff }])
    show(fake)
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
    show(withChanges())
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
      ['conf', 'conf/a', 'z'].map((path) => diff.replaceAll('retry.go', path)).join(''),
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
    act(() => fake.push('chats.watchGit', { repositories: [repository] }))
    await screen.findByRole('region', { name: 'retry.go' })
    act(() => fake.push('chats.watchGit', { repositories: [{ ...repository, unified_diff: many }] }))
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

const writing = async (line = 2): Promise<HTMLTextAreaElement> => {
  const buttons = await screen.findAllByRole('button', { name: `Comment on line ${line} of retry.go` })
  fireEvent.click(buttons.at(-1) as Element)
  const field = screen.getByRole<HTMLTextAreaElement>('textbox', {
    name: `Comment on line ${line} of retry.go`,
  })
  fireEvent.change(field, { target: { value: 'Keep the old one' } })
  return field
}
const remark = (): string | undefined => screen.queryByRole<HTMLTextAreaElement>('textbox')?.value
const remarks = (): string[] =>
  screen.getAllByRole<HTMLTextAreaElement>('textbox', { name: /^Comment on/ }).map(({ value }) => value)

it('keeps a remark that is written over scans, layouts, folding and another tab', async () => {
  const fake = withChanges()
  show(fake)
  const field = await writing()
  expect(document.activeElement).toBe(field)
  fireEvent.click(screen.getByRole('button', { name: 'Split' }))
  expect(remark()).toBe('Keep the old one')
  expect(document.activeElement).toBe(screen.getByRole('textbox'))
  fireEvent.click(screen.getByRole('button', { name: /^retry.go/ }))
  expect(remark()).toBeUndefined()
  fireEvent.click(screen.getByRole('button', { name: /^retry.go/ }))
  expect(remark()).toBe('Keep the old one')
  act(() => screen.getByRole('textbox').blur())
  cleanup()
  show(withChanges())
  await screen.findByRole('region', { name: 'retry.go' })
  expect(remark()).toBe('Keep the old one')
  // It takes the focus from nobody when it is only drawn anew.
  expect(document.activeElement).toBe(document.body)
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(remark()).toBeUndefined()
})

it.each([
  ['a field', 'textarea', {}],
  ['an input', 'input', {}],
  ['a text that is edited in place', 'div', { contenteditable: 'true', tabindex: '0' }],
])('leaves the focus in %s when it comes back to the page', async (_, tag, attributes) => {
  const other = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) other.setAttribute(name, value)
  document.body.append(other)
  show(withChanges())
  await writing()
  // The field goes while it has the focus, as with another tab of the panel by a key.
  cleanup()
  other.focus()
  show(withChanges())
  await screen.findByRole('region', { name: 'retry.go' })
  expect(remarks()).toEqual(['Keep the old one'])
  expect(document.activeElement).toBe(other)
  other.remove()
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
})

it('is of one chat', async () => {
  show(withChanges())
  await writing()
  cleanup()
  show(withChanges(), { chat: sampleChat({ id: sampleId(30, 9) }) })
  await screen.findByRole('region', { name: 'retry.go' })
  expect(remark()).toBeUndefined()
  cleanup()
  show(withChanges())
  await screen.findByRole('region', { name: 'retry.go' })
  expect(remark()).toBe('Keep the old one')
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
})

it('shows a remark at the end of the file when its line is gone, with the line', async () => {
  const fake = withChanges()
  const { addReference } = show(fake)
  await writing()
  const next = diff.replace('next()', 'other()')
  act(() => fake.push('chats.watchGit', { repositories: [{ ...repository, unified_diff: next }] }))
  await screen.findByText('other', { exact: false })
  const loose = screen.getByRole('group', { name: 'About a line that is not shown any more' })
  expect(loose.textContent).toContain('next()')
  expect(remark()).toBe('Keep the old one')
  act(() => fake.push('chats.watchGit', { repositories: [{ ...repository, unified_diff: '' }] }))
  await screen.findByText('Nothing has changed')
  act(() => fake.push('chats.watchGit', { repositories: [{ ...repository, unified_diff: next }] }))
  await screen.findByText('other', { exact: false })
  fireEvent.click(screen.getByRole('button', { name: 'Add to message' }))
  expect(addReference).toHaveBeenCalledWith(
    { fileName: 'retry.go', startLine: 2, endLine: 2, content: 'next()' },
    'Keep the old one',
  )
  expect(remark()).toBeUndefined()
})

describe('a remark about a file that is not among the changes any more', () => {
  const lost = () => screen.getByRole('region', { name: 'Remarks about files that are not shown' })
  const elsewhere: GitRepository = { ...repository, unified_diff: diff.replaceAll('retry.go', 'other.go') }
  const scanned = (fake: FakeBridge, repositories: GitRepository[]) =>
    act(() => fake.push('chats.watchGit', { repositories }))

  it('stays with its line, and goes to the message', async () => {
    const fake = withChanges()
    const { addReference } = show(fake)
    await writing()
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
    show(fake)
    await writing()
    scanned(fake, [{ ...repository, unified_diff: '' }])
    await screen.findByText('Nothing has changed')
    expect(within(lost()).getByRole('textbox')).toBeTruthy()
    scanned(fake, [repository])
    const file = await screen.findByRole('region', { name: 'retry.go' })
    expect(within(file).getByRole('textbox')).toBeTruthy()
    expect(remarks()).toEqual(['Keep the old one'])
    cleanup()
    const without = createQuietBridge()
    without.feed('chats.watchGit', () => {
      throw failure<'chats.watchGit'>('no_workspace', 'This chat has no workspace.')
    })
    show(without)
    await screen.findByText('This chat has no workspace.')
    fireEvent.click(within(lost()).getByRole('button', { name: 'Cancel' }))
    expect(remark()).toBeUndefined()
  })

  it('is at its place among others while it is written', async () => {
    const [first, second] = ['a\u202eb.go', 'c.go'].map((path) => diff.replaceAll('retry.go', path))
    const fake = withChanges([{ ...repository, unified_diff: `${first}${second}` }])
    show(fake)
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
    show(withChanges())
    await writing()
    cleanup()
    show(withChanges([]), { chat: sampleChat({ id: sampleId(30, 9) }) })
    await screen.findByText('Nothing has changed')
    expect(remark()).toBeUndefined()
    cleanup()
    show(withChanges([]), { isMine: false })
    await screen.findByText('Nothing has changed')
    expect(remark()).toBeUndefined()
    cleanup()
    show(withChanges([]))
    await screen.findByText('Nothing has changed')
    fireEvent.click(within(lost()).getByRole('button', { name: 'Cancel' }))
  })
})

it('shows names that hide something as they are', async () => {
  const hostile = 'a\u202eog.b'
  const shown = 'a‹U+202E›og.b'
  const fake = withChanges([
    { repo_root: '/r\u200bx', branch: 'b\u202ec', unified_diff: diff.replaceAll('retry.go', hostile) },
  ])
  show(fake)
  const file = await screen.findByRole('region', { name: shown })
  expect(screen.getByRole('region', { name: '/r‹U+200B›x' }).querySelector('h2')?.title).toBe('/r‹U+200B›x')
  expect(within(file).getByTitle(shown)).toBeTruthy()
  expect(within(file).getAllByRole('button', { name: `Comment on line 2 of ${shown}` })).not.toEqual([])
  fireEvent.click(screen.getByRole('button', { name: `Actions for ${shown}` }))
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Stage' }))
  await waitFor(() => expect(toastTitles()).toContain(`${shown} is staged`))
  fireEvent.click(screen.getByRole('button', { name: `Actions for ${shown}` }))
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Discard changes…' }))
  expect(await screen.findByText(`Discard the changes to ${shown}?`)).toBeTruthy()
})

it('unfolds and brings into sight the file that was asked for, once', async () => {
  const scroll = vi.spyOn(HTMLElement.prototype, 'scrollIntoView').mockReturnValue(undefined)
  showChange({ chatId: sampleChat().id, path: '/home/me/app/retry.go' })
  show(withChanges())
  const file = await screen.findByRole('region', { name: 'retry.go' })
  const head = within(file).getByRole('button', { name: /^retry.go/ })
  expect(scroll.mock.contexts).toEqual([file])
  fireEvent.click(head)
  expect(head.getAttribute('aria-expanded')).toBe('false')
  act(() => showChange({ chatId: sampleChat().id, path: 'app/retry.go' }))
  expect(head.getAttribute('aria-expanded')).toBe('true')
  expect(scroll.mock.contexts).toEqual([file, file])
  cleanup()
  show(withChanges())
  await screen.findByRole('region', { name: 'retry.go' })
  expect(scroll).toHaveBeenCalledTimes(2)
})

it.each([
  ['/home/me/app/a/x.go', 'a/x.go'],
  ['x.go', 'x.go'],
  ['./a/x.go', 'a/x.go'],
  ['~/app/x.go', 'x.go'],
  ['app/a/x.go', 'a/x.go'],
  ['/elsewhere/x.go', undefined],
  ['y.go', undefined],
])('finds what is meant by %s', (asked, path) => {
  expect(findChange(['a/x.go', 'x.go', 'xx.go'], '/home/me/app', asked)).toBe(path)
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

it('says when a name is not copied', async () => {
  const fake = withChanges()
  fake.answer('app.copyText', () => {
    throw failure<'app.copyText'>('too_many_requests', 'The clipboard is busy.')
  })
  show(fake)
  fireEvent.click(await screen.findByRole('button', { name: 'agent/retry' }))
  await waitFor(() => expect(toastTitles()).toContain('Not copied'))
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

const status = (change = {}) => ({
  chat_id: sampleChat().id,
  pull_request_title: '',
  pull_request_draft: false,
  changes_requested: false,
  additions: 1,
  deletions: 1,
  changed_files: 1,
  head_branch: 'agent/retry',
  base_branch: 'main',
  ...change,
})

describe('the changes of the branch', () => {
  const open = async (fake: FakeBridge, label: string, change = {}) => {
    show(fake, { chat: sampleChat({ diff_status: status(change) }) })
    fireEvent.click(await screen.findByRole('button', { name: label }))
  }

  it('are beside those of the workspace, with its name to copy and a remark about a line', async () => {
    const fake = withChanges([{ ...repository, unified_diff: '' }])
    fake.answer('chats.diff', () => ({
      chat_id: sampleChat().id,
      branch: 'agent/retry',
      remote_origin: 'https://forge.test/a/b.git',
      diff,
    }))
    fake.answer('app.copyText', () => null)
    await open(fake, 'Branch')
    await screen.findByRole('region', { name: 'retry.go' })
    expect(screen.getByText('All commits since main')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'agent/retry' }))
    expect(fake.inputsOf('app.copyText')).toEqual([{ text: 'agent/retry' }])
    fireEvent.click(screen.getByRole('button', { name: 'Actions for retry.go' }))
    await screen.findByRole('menuitem', { name: 'Copy path' })
    // What is committed is not staged or discarded.
    expect(screen.queryByRole('menuitem', { name: 'Stage' })).toBeNull()
  })

  it('are those of the pull request where there is one, which is a click away', async () => {
    const fake = withChanges()
    fake.answer('chats.diff', () => ({ chat_id: sampleChat().id, diff }))
    await open(fake, 'Pull request', {
      url: 'https://forge.test/pull/7',
      pull_request_state: 'open',
      pull_request_title: 'Cap the retries',
      pr_number: 7,
    })
    await screen.findByText('Cap the retries')
    expect(screen.getByRole('button', { name: 'PR 7 open' })).toBeTruthy()
  })

  it('have a remark about a file that is only in the workspace', async () => {
    const fake = withChanges()
    fake.answer('chats.diff', () => ({ chat_id: sampleChat().id, branch: 'agent/retry', diff: '' }))
    show(fake, { chat: sampleChat({ diff_status: status() }) })
    await writing()
    fireEvent.click(screen.getByRole('button', { name: 'Branch' }))
    await screen.findByText('The branch shows no changes')
    expect(remarks()).toEqual(['Keep the old one'])
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  })

  it('that are none are told from those that nobody could read', async () => {
    const fake = withChanges()
    fake.answer('chats.diff', () => ({ chat_id: sampleChat().id, branch: 'agent/retry', diff: '' }))
    fake.answer('app.copyText', () => null)
    await open(fake, 'Branch')
    await screen.findByText('Nothing is committed on it that main does not have.')
    fireEvent.click(screen.getByRole('button', { name: 'Copy the branch’s name' }))
    expect(fake.inputsOf('app.copyText')).toEqual([{ text: 'agent/retry' }])
    fake.answer('chats.diff', () => ({ chat_id: sampleChat().id }))
    fireEvent.click(screen.getByRole('button', { name: 'Read the branch again' }))
    await screen.findByText('The branch cannot be compared')
    expect(screen.queryByRole('button', { name: /^Copy/ })).toBeNull()
  })

  it('say why they are not there, and are read again', async () => {
    const fake = withChanges()
    fake.answer('chats.diff', () => {
      throw failure<'chats.diff'>('unsupported', 'This deployment cannot do that yet.')
    })
    await open(fake, 'Branch')
    expect((await screen.findByRole('alert')).textContent).toContain('This deployment cannot do that yet.')
    fake.answer('chats.diff', () => ({ chat_id: sampleChat().id, branch: 'agent/retry', diff }))
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await screen.findByRole('region', { name: 'retry.go' })
  })

  it('stay when they cannot be read again, which is said, until they can', async () => {
    const fake = withChanges()
    const answer = () => ({ chat_id: sampleChat().id, branch: 'agent/retry', diff })
    fake.answer('chats.diff', answer)
    await open(fake, 'Branch')
    await screen.findByRole('region', { name: 'retry.go' })
    fake.answer('chats.diff', () => {
      throw failure<'chats.diff'>('unreachable', 'No route.')
    })
    fireEvent.click(screen.getByRole('button', { name: 'Read the branch again' }))
    await screen.findByText('These changes are from before. No route.')
    expect(screen.getByRole('region', { name: 'retry.go' })).toBeTruthy()
    expect(screen.queryByRole('alert')).toBeNull()
    fake.answer('chats.diff', answer)
    fireEvent.click(screen.getByRole('button', { name: 'Read the branch again' }))
    await waitFor(() => expect(screen.queryByText(/from before/)).toBeNull())
    expect(screen.getByRole('region', { name: 'retry.go' })).toBeTruthy()
  })

  it('are not offered where no branch is known', async () => {
    show(withChanges(), { chat: sampleChat({ diff_status: status({ head_branch: '' }) }) })
    await screen.findByRole('region', { name: 'retry.go' })
    expect(screen.queryByRole('button', { name: 'Branch' })).toBeNull()
  })
})
