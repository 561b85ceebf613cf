import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { samplePartsOf, type ToolSample } from '../../../../testing/tool-sample.ts'
import { toolSamples } from '../../../../testing/tool-samples.ts'
import { sampleActions, sampleCall, showRows } from '../../../../testing/transcript-samples.tsx'
import { drawnTools } from './tool-row.tsx'

const said = (container: HTMLElement): string => container.textContent.replaceAll(/\s+/g, ' ')
const unfold = (container: HTMLElement): void => {
  for (const button of container.querySelectorAll<HTMLElement>('button[aria-expanded=false]'))
    fireEvent.click(button)
}
const named = toolSamples.map((sample): [string, ToolSample] => [sample.name, sample])

it('has a sample of every tool with a card of its own', () => {
  const names = new Set(toolSamples.map(({ name }) => name))
  expect([...drawnTools].filter((name) => !names.has(name))).toEqual([])
})

describe.each(named)('a call of %s', (name, sample) => {
  it('that runs says so, and not what it did', () => {
    const { container } = showRows(samplePartsOf(sample, 'none'), undefined, { isBusy: true })
    expect(said(container)).toContain('Running')
    expect(said(container)).not.toMatch(
      /Looked|Searched|Started|Stopped|Created|Wrote|Waited|Ended|Killed|Attached|Asked|Used|Made|Found|\b0 /,
    )
  })

  it('that is done is drawn by its tool, not as arguments and a result', () => {
    const { container } = showRows(samplePartsOf(sample, 'done'))
    unfold(container)
    expect(said(container)).not.toMatch(/Running|Failed|Denied/)
    expect(said(container).includes('Arguments')).toBe(!drawnTools.has(name))
  })

  it('that failed says why', () => {
    const { container } = showRows(samplePartsOf(sample, 'failed'))
    expect(said(container)).toContain('Failed')
    expect(said(container)).toContain('The connection to the workspace was lost.')
  })

  it('that waits for the user asks', () => {
    const asked = { tool_call_id: `call-${name}`, tool_name: name, args: JSON.stringify(sample.args) }
    const { container } = showRows(samplePartsOf(sample, 'none'), undefined, { approvals: [asked] })
    expect(said(container)).toContain('Waiting for you')
    expect(said(container)).toContain('Allow once')
  })

  it('that was denied says so, why, and what it would have been', () => {
    const { container } = showRows(samplePartsOf(sample, 'denied'))
    expect(said(container)).toMatch(/\?.*Denied/)
    expect(said(container)).toContain('Why not: Not today.')
    expect(said(container)).not.toMatch(/Failed|The user denied/)
    unfold(container)
    // As it is, or all of it in words.
    const hasArguments = JSON.stringify(sample.args) !== '{}'
    expect(container.querySelectorAll('pre, p.copyable').length > 0).toBe(hasArguments)
    expect(said(container).includes('It takes no arguments.')).toBe(!hasArguments)
  })
})

describe('a summary that is made', () => {
  const running = (source: string) => sampleCall('chat_summarized', { source, threshold_percent: 80 })

  it('says so, and is called off by the one who wanted it', async () => {
    const actions = sampleActions()
    const { container } = showRows(running('manual'), actions, { isBusy: true })
    expect(said(container)).toContain('Summing up what was said')
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    expect(actions.onStop).toHaveBeenCalledTimes(1)
  })

  it('that is not called off can be called off again', async () => {
    const onStop = vi.fn(() => Promise.reject(new Error('It was told.')))
    showRows(running('manual'), { ...sampleActions(), onStop }, { isBusy: true })
    const cancel = () => fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    cancel()
    await waitFor(() => {
      cancel()
      expect(onStop.mock.calls.length).toBeGreaterThan(1)
    })
  })

  it('in the middle of a turn ends only with the turn, and not by who reads along', () => {
    const { unmount } = showRows(running('automatic'), undefined, { isBusy: true })
    screen.getByRole('button', { name: 'Stop' })
    unmount()
    showRows(running('automatic'), { onOpenLink: vi.fn() }, { isBusy: true })
    expect(screen.queryByRole('button')).toBeNull()
  })
})

describe('a sub-agent with a desktop', () => {
  const call = sampleCall('wait_agent', { chat_id: 'child' })
  const actions = {
    ...sampleActions(),
    desktopAgents: new Set(['child']),
    watchDesktop: (chatId: string) => <p>The desktop of {chatId}</p>,
  }

  it('is watched while it is waited for, until that is folded away', () => {
    const { container } = showRows(call, actions, { isBusy: true })
    expect(said(container)).toContain('The desktop of child')
    fireEvent.click(screen.getByRole('button', { expanded: true }))
    expect(said(container)).not.toContain('The desktop of child')
  })

  it('is not watched by who may not, once it is done, or where there is none', () => {
    const shown = [
      showRows(call, { ...actions, watchDesktop: undefined }, { isBusy: true }),
      showRows(call, { ...actions, desktopAgents: new Set(['other']) }, { isBusy: true }),
      showRows(
        sampleCall('wait_agent', { chat_id: 'child' }, { chat_id: 'child', status: 'waiting' }),
        actions,
      ),
      showRows(sampleCall('message_agent', { chat_id: 'child', message: 'Go on' }), actions, {
        isBusy: true,
      }),
    ]
    for (const { container } of shown) expect(said(container)).not.toContain('The desktop of child')
  })
})

describe('a sub-agent', () => {
  const agents = new Map([['child', { title: 'Find all callers', status: 'waiting' }]])
  const result = { chat_id: 'child', title: 'Find all callers', status: 'running' }

  it('that was begun is shown as it is now, and after a wait as it was then', () => {
    const actions = { ...sampleActions(), agents }
    const begun = showRows(sampleCall('spawn_agent', { type: 'explore' }, result), actions)
    expect(said(begun.container)).toContain('Started explorer Find all callers')
    expect(said(begun.container)).toContain('Done')
    begun.unmount()
    const waited = sampleCall('wait_agent', { chat_id: 'child' }, { ...result, timed_out: true })
    expect(said(showRows(waited, actions).container)).toContain('Was still working')
  })

  it('that is waited for is told by its title, and so is the way to its chat', () => {
    const actions = { ...sampleActions(), agents }
    const wait = samplePartsOf({ name: 'wait_agent', args: { chat_id: 'child' }, result: {} }, 'none')
    const { container } = showRows(wait, actions, { isBusy: true })
    expect(said(container)).toContain('Waiting for Find all callers')
    fireEvent.click(screen.getByRole('button', { name: 'Open chat: Find all callers' }))
    expect(actions.onOpenChat).toHaveBeenCalledWith('child')
  })
})

describe('a command in the background', () => {
  it('says so without a sign of work, which nobody would end, and without what its server tells the model', () => {
    const result = { output: 'up', background_process_id: 'p1', note: 'Ask process_output for more.' }
    const { container } = showRows(sampleCall('execute', { command: 'serve' }, result))
    expect(said(container)).toContain('In the background')
    expect(said(container)).toContain('Process p1')
    expect(said(container)).not.toContain('process_output')
    expect(container.querySelector('.spin')).toBeNull()
  })
})

it('counts a file that was read twice once', () => {
  const parts = ['a', 'b', 'a'].map((name, index) => ({
    type: 'tool-call',
    tool_call_id: String(index),
    tool_name: 'read_file',
    args: { path: `src/${name}.go` },
  }))
  expect(said(showRows(parts).container)).toContain('Read 2 files a.go, b.go')
  expect(said(showRows([parts[0], parts[2]].flatMap((part) => part ?? [])).container)).toContain('Read a.go')
})

describe('looking around', () => {
  it('lists a folder with what is what, and says what is left out', () => {
    const entries = [
      { name: 'src', type: 'folder' },
      { name: 'a\u202eog.txt', type: 'file', size: 2048 },
    ]
    const { container } = showRows(
      sampleCall('list_directory', { path: 'app' }, { entries, total: 5000, truncated: true }),
    )
    expect(said(container)).toContain('Looked into app')
    expect(said(container)).toContain('5000 names')
    unfold(container)
    expect(said(container)).toContain('src')
    expect(said(container)).toContain('a‹U+202E›og.txt2 KB')
    expect(said(container)).toContain('The first 2 of 5000.')
  })

  it('shows the lines that were found by their files, which open at the line', () => {
    const actions = sampleActions()
    const matches = [
      { path: 'a.go', line: 3, text: '\tneedle' },
      { path: 'a.go', line: 7, text: 'needle\u200b' },
      { path: 'b.go', line: 1, text: 'needle' },
    ]
    const args = { path: '.', query: 'needle', name: '*.go' }
    const { container } = showRows(
      sampleCall('search_files', args, { matches, files_searched: 9, truncated: true }),
      actions,
    )
    expect(said(container)).toContain('Searched for needle in *.go')
    expect(said(container)).toContain('3 matches')
    unfold(container)
    expect(said(container)).toContain('7needle‹U+200B›')
    expect(said(container)).toContain('There may be more.')
    fireEvent.click(screen.getByRole('button', { name: 'b.go' }))
    fireEvent.click(screen.getByRole('button', { name: 'a.go' }))
    expect(actions.onOpenFile.mock.calls).toEqual([
      ['b.go', 1],
      ['a.go', 3],
    ])
  })

  it('tells what git says of the files, which open', () => {
    const actions = sampleActions()
    const result = {
      repo_root: '/home/coder/a',
      branch: 'work\u202e',
      base: { revision: 'origin/main', ahead: 2, behind: 0 },
      conflicted: ['c.go'],
      staged: ['a.go'],
      unstaged: [],
      untracked: ['b.go', 7],
      truncated: true,
    }
    const { container } = showRows(sampleCall('git_status', { path: '.' }, result), actions)
    expect(said(container)).toContain('Changed files of the repository on work‹U+202E›')
    expect(said(container)).toContain('2 ahead of origin/main')
    expect(said(container)).toContain('3 files')
    unfold(container)
    expect(said(container)).toContain('In conflictc.goStageda.goNewb.goThere are more.')
    fireEvent.click(screen.getByRole('button', { name: 'b.go' }))
    expect(actions.onOpenFile).toHaveBeenCalledWith('/home/coder/a/b.go')
  })

  it('shows what differs and the commits, each on demand', () => {
    const diff = 'diff --git a/a.go b/a.go\n--- a/a.go\n+++ b/a.go\n@@ -1 +1 @@\n-one\n+two\n'
    const many = `${diff}diff --git a/logo.png b/logo.png\nBinary files a/logo.png and b/logo.png differ\n`
    const first = showRows(
      sampleCall(
        'git_diff',
        { path: 'src', from: 'main', to: 'HEAD' },
        { diff: many, additions: 1, deletions: 1, changed_files: 2 },
      ),
    ).container
    expect(said(first)).toContain('Compared src with main as of HEAD')
    expect(said(first)).not.toContain('logo.png')
    unfold(first)
    expect(said(first)).toContain('logo.png')
    expect(said(first)).toContain('A file that is not text.')
    const commit = { commit: 'f00dfeed00', author: 'Ada <a@b.c>', date: 'no date', message: 'Begin\n\nMore' }
    const second = showRows(
      sampleCall('git_log', { path: '.', revision: 'v1' }, { commits: [commit], truncated: false }),
    ).container
    expect(said(second)).toContain('Read the history of the repository up to v1')
    unfold(second)
    expect(said(second)).toContain('f00dfeedBeginAda')
    expect(said(second)).not.toContain('More')
  })

  it.each(['git_status', 'git_diff', 'git_log'])(
    'shows what is left of an answer of %s that was too long',
    (name) => {
      const { container } = showRows(
        sampleCall(name, { path: '.' }, { output: '{"a… [9 characters left out] …b"}' }),
      )
      expect(said(container)).not.toMatch(/nothing changed|no difference|0 commits/)
      unfold(container)
      expect(said(container)).toContain('9 characters left out')
    },
  )

  it('draws a few of many files that differ, and the others once they are asked for', () => {
    const fileOf = (index: number) =>
      `diff --git a/${index}.go b/${index}.go\n--- a/${index}.go\n+++ b/${index}.go\n@@ -1 +1 @@\n-one\n+two\n`
    const diff = Array.from({ length: 600 }, (_, index) => fileOf(index)).join('')
    const { container } = showRows(sampleCall('git_diff', { path: '.' }, { diff, changed_files: 600 }))
    unfold(container)
    expect(screen.getAllByRole('region')).toHaveLength(20)
    fireEvent.click(screen.getByRole('button', { name: 'Show all 600 files' }))
    expect(screen.getAllByRole('region')).toHaveLength(500)
    expect(said(container)).toContain('100 more files are not shown.')
  })

  it('shows files that were found by their names', () => {
    const matches = [{ path: 'one.ts' }, { path: 'two.ts' }]
    const { container } = showRows(
      sampleCall('search_files', { path: 'src', query: '', name: '*.ts' }, { matches, truncated: false }),
    )
    expect(said(container)).toContain('Searched files in src *.ts2 matches')
    unfold(container)
    expect(screen.getByRole('button', { name: 'two.ts' })).toBeDefined()
    expect(said(container)).not.toContain('may be more')
  })

  it('says which models agents may have', () => {
    const models = [{ model: 'large-2', display_name: 'Large' }, { id: 'small-1' }, 'odd']
    const { container } = showRows(sampleCall('list_subagent_models', {}, { models }))
    expect(said(container)).toContain('Looked at the models for agents3 models')
    unfold(container)
    expect(said(container)).toContain('Large large-2')
  })
})
