import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { ChatMessagePart } from '#bridge/contract/chats-messages'
import { sampleActions, sampleCall, showRows } from '../../../testing/transcript-samples.tsx'

const said = (container: HTMLElement): string => container.textContent.replaceAll(/\s+/g, ' ')

describe('cards of tools', () => {
  it.each<[name: string, args: unknown, result: unknown, words: string[]]>([
    ['write_file', { path: 'a/b.go', content: 'x\ny' }, { ok: true }, ['a/b.go', '+2']],
    ['edit_files', {}, { files: [{ path: 'a.go', diff: '@@ -1 +1,2 @@\n-a\n+b\n+c' }] }, ['a.go', '+2 -1']],
    ['attach_file', { path: 'out/r.csv' }, { ok: true, name: 'r.csv' }, ['Attached r.csv']],
    [
      'execute',
      { command: 'ls', model_intent: 'List it' },
      { success: true, output: 'file', exit_code: 0, wall_duration_ms: 2100 },
      ['List it', 'Exit 0', '2.1 s', '$ ls', 'file'],
    ],
    ['execute', { command: 'x' }, { success: false, exit_code: 2, output: '' }, ['Exit 2']],
    [
      'execute',
      { command: 'npm run dev' },
      { success: true, output: '', background_process_id: 'p1' },
      ['In the background', 'Process p1'],
    ],
    [
      'process_output',
      { process_id: 'p1' },
      { success: true, output: 'more', exit_code: 0 },
      ['Output of process p1', 'more'],
    ],
    ['process_signal', { process_id: 'p1', signal: 'kill' }, { success: true }, ['Killed process p1']],
    ['process_list', {}, { processes: [{ command: 'a' }] }, ['Looked at 1 process']],
    ['list_templates', {}, { templates: [{ name: 'go' }, { name: 'js' }] }, ['Found 2 templates']],
    [
      'read_template',
      {},
      { template: { name: 'go' }, parameters: [{}] },
      ['Read template go', '1 parameter'],
    ],
    [
      'create_workspace',
      { name: 'w' },
      { created: true, workspace_name: 'w', lifecycle_state: 'ready' },
      ['Created the workspace w', 'Agent ready'],
    ],
    [
      'create_workspace',
      { name: 'w' },
      { error: 'no', quota: { credits_consumed: 9, budget: 9 } },
      ['9 of 9 credits', 'no', 'Failed'],
    ],
    ['start_workspace', {}, { started: true, workspace_name: 'w' }, ['Started the workspace w']],
    [
      'spawn_agent',
      { type: 'explore', prompt: 'p' },
      { title: 'Look', status: 'running', type: 'explore' },
      ['Started explorer Look', 'Working'],
    ],
    [
      'wait_agent',
      { chat_id: 'x' },
      { chat_id: 'x', title: 'Look', timed_out: true },
      ['Waited for Look', 'Was still working'],
    ],
    ['list_agents', {}, { agents: [] }, ['Looked at 0 agents']],
    ['read_skill', { name: 'release' }, { name: 'release', body: 'b' }, ['Read skill release']],
    [
      'advisor',
      { question: 'q?' },
      { type: 'advice', advice: 'yes', remaining_uses: 1 },
      ['q?', 'yes', '1 use left'],
    ],
    [
      'advisor',
      { question: 'q?' },
      { type: 'limit_reached', remaining_uses: 0 },
      ['Did not ask the advisor', 'cannot be asked again in this turn'],
    ],
    [
      'chat_summarized',
      {},
      { summary: 's', usage_percent: 80.4 },
      ['Made the conversation shorter', '80 % of the context'],
    ],
    ['web_search', { query: 'back-off' }, {}, ['Searched the web back-off']],
    ['find_tools', { queries: ['cal'] }, { matches: [{}] }, ['Looked for tools cal', '1 found']],
    [
      'docs__search',
      { model_intent: 'Docs search', properties: { query: 'refund' } },
      { output: 'x' },
      ['Docs search search("refund")'],
    ],
    ['my_tool', { n: 3 }, 'ok', ['my_tool(3)']],
  ])('say what %s did', (name, args, result, words) => {
    const { container } = showRows(sampleCall(name, args, result))
    for (const word of words) expect(said(container)).toContain(word)
  })

  it('of the advisor tell nothing of uses where there are as many as steps', () => {
    const result = { type: 'advice', advice: 'yes', remaining_uses: 1199 }
    const { container } = showRows(sampleCall('advisor', { question: 'q?' }, result))
    expect(said(container)).toContain('yes')
    expect(said(container)).not.toContain('left')
  })

  it.each([
    'read_file',
    'write_file',
    'edit_files',
    'attach_file',
    'execute',
    'process_output',
    'process_signal',
    'process_list',
    'list_templates',
    'read_template',
    'create_workspace',
    'start_workspace',
    'stop_workspace',
    'propose_plan',
    'ask_user_question',
    'spawn_agent',
    'wait_agent',
    'message_agent',
    'interrupt_agent',
    'list_agents',
    'read_skill',
    'read_skill_file',
    'advisor',
    'computer',
    'chat_summarized',
    'web_search',
    'find_tools',
    'slug__tool',
    'unknown',
  ])('of %s show an error, and stand any arguments and results', (name) => {
    const failed = showRows(sampleCall(name, {}, { error: 'It broke.' }, { is_error: true }))
    for (const button of failed.container.querySelectorAll<HTMLElement>('button[aria-expanded=false]'))
      fireEvent.click(button)
    expect(said(failed.container)).toContain('It broke.')
    failed.unmount()
    for (const odd of [
      null,
      'text',
      7,
      [],
      { files: 'x', agents: 3, questions: [null], processes: {}, path: {}, content: 1 },
    ]) {
      const { unmount, container } = showRows(sampleCall(name, odd, odd))
      for (const button of container.querySelectorAll<HTMLElement>('button[aria-expanded=false]'))
        fireEvent.click(button)
      unmount()
    }
  })

  it('that run say so, and ones that never ended too', () => {
    expect(
      said(showRows(sampleCall('execute', { command: 'x' }), undefined, { isBusy: true }).container),
    ).toContain('Running')
    expect(said(showRows(sampleCall('my_tool', {})).container)).toContain('Stopped')
  })

  it('open what they show', () => {
    const actions = sampleActions()
    showRows(
      [
        ...sampleCall('edit_files', {}, { files: [{ path: 'a.go', diff: '@@ -4 +4 @@\n-a\n+b' }] }),
        ...sampleCall('spawn_agent', {}, { chat_id: 'child', title: 't' }),
      ],
      actions,
    )
    fireEvent.click(screen.getByRole('button', { name: 'Open the file' }))
    expect(actions.onOpenFile).toHaveBeenCalledWith('a.go', 4)
    fireEvent.click(screen.getByRole('button', { name: 'Open the diff' }))
    expect(actions.onOpenDiff).toHaveBeenCalledWith('a.go')
    fireEvent.click(screen.getByRole('button', { name: 'Open chat: t' }))
    expect(actions.onOpenChat).toHaveBeenCalledWith('child')
  })

  it('of files that were read are one, and say which lines', () => {
    const { container } = showRows([
      { type: 'tool-call', tool_call_id: '1', tool_name: 'read_file', args: { path: 'a/b.go', offset: 10 } },
      { type: 'tool-call', tool_call_id: '2', tool_name: 'read_file', args: { path: 'c.go' } },
      { type: 'tool-result', tool_call_id: '1', result: { lines_read: 5, total_lines: 90 } },
      { type: 'tool-result', tool_call_id: '2', result: { lines_read: 1, total_lines: 1 } },
    ])
    expect(said(container)).toContain('Read 2 files b.go, c.go')
    fireEvent.click(screen.getByRole('button'))
    expect(said(container)).toContain('Lines 10 to 14 of 90')
  })

  it('load a picture from its own bytes only', () => {
    const media = (mime_type: string) =>
      showRows(
        sampleCall('computer', {}, { data: 'AAAA', mime_type }, { is_media: true }),
      ).container.querySelector('img')
    expect(media('image/png')?.getAttribute('src')).toBe('data:image/png;base64,AAAA')
    expect(media('image/svg+xml')).toBeNull()
  })

  it('name a picture without what its name hides', () => {
    showRows([
      { type: 'file', name: 'a\u202egnp.exe\nb.png', media_type: 'image/png', data: 'AAAA' },
    ] as ChatMessagePart[])
    const button = screen.getByRole('button', { name: 'Show a‹U+202E›gnp.exe b.png large' })
    expect(button.title).toBe('a‹U+202E›gnp.exe b.png')
    expect(button.querySelector('img')?.alt).toBe('a‹U+202E›gnp.exe b.png')
    fireEvent.click(button)
    expect(screen.getByRole('dialog', { name: 'a‹U+202E›gnp.exe b.png' })).toBeDefined()
  })
})

describe('other rows', () => {
  it('fold what the model thought', () => {
    const thought: ChatMessagePart = {
      type: 'reasoning',
      text: 'secretly',
      created_at: '2026-11-01T10:00:00Z',
      completed_at: '2026-11-01T10:00:14Z',
    }
    const { container } = showRows([thought])
    const button = screen.getByRole('button', { name: 'Thought for 14 s' })
    expect(said(container)).not.toContain('secretly')
    fireEvent.click(button)
    expect(said(container)).toContain('secretly')
  })

  it('open sources by the gate', () => {
    const actions = sampleActions()
    showRows([{ type: 'source', url: 'https://a.example/x', title: 'A' }], actions)
    fireEvent.click(screen.getByRole('button', { name: '1 source' }))
    fireEvent.click(screen.getByTitle('https://a.example/x'))
    expect(actions.onOpenLink).toHaveBeenCalledWith('https://a.example/x')
  })

  it.each(['ftp://a.example/x', 'javascript://a.example/%0aalert(1)', 'nonsense', ''])(
    'name no host and lead nowhere for a source at %j',
    (url) => {
      const actions = sampleActions()
      showRows([{ type: 'source', url, title: 'A page' }], actions)
      fireEvent.click(screen.getByRole('button', { name: '1 source' }))
      fireEvent.click(screen.getByRole('button', { name: 'A page' }))
      expect(actions.onOpenLink).not.toHaveBeenCalled()
    },
  )

  it('show what is unknown, and hide nothing in a text', () => {
    expect(said(showRows([{ type: 'hologram' }]).container)).toContain('does not know hologram')
    expect(said(showRows([{ type: 'text', text: 'a\u202eb' }]).container)).toContain('a‹U+202E›b')
  })
})

describe('files', () => {
  const file = { type: 'file', file_id: 'f1', name: 'out/report.pdf', media_type: 'application/pdf' } as const
  const save = () => screen.queryByRole('button', { name: /^Save .* as…$/ })

  it('can be saved, once at a time', async () => {
    let end = (): void => undefined
    const saved = new Promise<void>((resolve) => {
      end = resolve
    })
    const saveFile = vi.fn(async () => saved)
    showRows([file], { ...sampleActions(), saveFile })
    const button = screen.getByRole('button', { name: 'Save out/report.pdf as…' })
    fireEvent.click(button)
    fireEvent.click(button)
    expect(saveFile.mock.calls).toEqual([['f1', 'out/report.pdf']])
    end()
    await waitFor(() => expect(button.getAttribute('aria-busy')).toBeNull())
  })

  it('can be saved as pictures too, also those that cannot be shown', async () => {
    const loadFile = async () => ({ mediaType: 'image/png', data: 'AAAA' })
    const saveFile = vi.fn(async () => undefined)
    showRows([{ ...file, name: 'a.png', media_type: 'image/png' }], {
      ...sampleActions(),
      loadFile,
      saveFile,
    })
    fireEvent.error(await screen.findByRole('img', { name: 'a.png' }))
    await screen.findByText('cannot be shown')
    fireEvent.click(screen.getByRole('button', { name: 'Save a.png as…' }))
    expect(saveFile).toHaveBeenCalledWith('f1', 'a.png')
    await waitFor(() => expect(save()?.getAttribute('aria-busy')).toBeNull())
  })

  it('that came along in the message, or are not for this reader, cannot', () => {
    showRows([{ ...file, file_id: undefined }], { ...sampleActions(), saveFile: async () => undefined })
    expect(save()).toBeNull()
    showRows([file])
    expect(save()).toBeNull()
  })

  it('with a name that hides what it is say so', () => {
    showRows([{ ...file, name: 'picture\u202egnp.exe' }], {
      ...sampleActions(),
      saveFile: async () => undefined,
    })
    screen.getByRole('button', { name: 'Save picture‹U+202E›gnp.exe as…' })
  })
})
