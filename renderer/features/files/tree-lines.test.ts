import { describe, expect, it } from 'vitest'
import type { RemoteEntry } from '#bridge/contract/remote-files'
import { sampleEntry } from '../../testing/file-samples.ts'
import { modeText } from './entry-words.ts'
import { treeLines, type FolderState, type TreeView } from './tree-lines.ts'

function folder(entries: readonly RemoteEntry[], change: Partial<FolderState> = {}): FolderState {
  return { status: 'ready', entries, isTruncated: false, problem: '', ...change }
}

function shown(change: Partial<TreeView>): string[] {
  const view: TreeView = {
    root: '/src',
    folders: new Map(),
    expanded: new Set(),
    showHidden: false,
    sort: { column: 'name', direction: 'asc' },
    ...change,
  }
  return treeLines(view).map((line) => `${line.depth} ${line.kind === 'entry' ? line.path : line.note}`)
}

describe('the lines of the tree', () => {
  const entries = [
    sampleEntry('file10', { size: 1 }),
    sampleEntry('file9', { size: 2 }),
    sampleEntry('.git', { kind: 'folder' }),
    sampleEntry('lib', { kind: 'folder' }),
    sampleEntry('current', { kind: 'link', target: { kind: 'folder', text: 'lib' } }),
  ]
  const folders = new Map([['/src', folder(entries)]])

  it('has folders and links to folders first, numbers in order, and no hidden ones', () => {
    expect(shown({ folders })).toEqual(['0 /src/current', '0 /src/lib', '0 /src/file9', '0 /src/file10'])
    expect(shown({ folders, showHidden: true })[0]).toBe('0 /src/.git')
    expect(shown({ folders, sort: { column: 'size', direction: 'desc' } }).slice(-2)).toEqual([
      '0 /src/file9',
      '0 /src/file10',
    ])
  })

  it.each([
    ['waits', folder([], { status: 'loading' }), '1 loading'],
    ['is empty', folder([]), '1 empty'],
    ['cannot be read', folder([], { status: 'failed', problem: 'No.' }), '1 failed'],
    ['goes on', folder([sampleEntry('a')], { isTruncated: true }), '1 truncated'],
  ])('says of an open folder that it %s', (_, state, line) => {
    const inside = new Map(folders).set('/src/lib', state)
    expect(shown({ folders: inside, expanded: new Set(['/src/lib']) })).toContain(line)
  })
})

it.each([
  [0o100644, '-rw-r--r--'],
  [0o042775, 'drwxrwsr-x'],
  [0o104711, '-rws--x--x'],
  [0o041776, 'drwxrwxrwT'],
  [0o120777, 'lrwxrwxrwx'],
])('writes the mode %o as ls does', (mode, text) => {
  expect(modeText(mode)).toBe(text)
})
