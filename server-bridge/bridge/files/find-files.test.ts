import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FilesEvent, SearchMatch } from '../../contract/remote-files.ts'
import { refusalOf, startFilesWorkspace, type FilesWorkspace } from '../../testing/files-workspace.ts'

let workspace: FilesWorkspace

beforeAll(async () => {
  workspace = await startFilesWorkspace()
})
afterAll(async () => {
  await workspace.close()
})

describe('finding', () => {
  it('lists files by git with ignored ones left out, else by find, whatever they are named', async () => {
    const folder = workspace.makeFolder()
    mkdirSync(join(folder, 'src/in ner'), { recursive: true })
    writeFileSync(join(folder, 'src/in ner/a\nb"é.ts'), '')
    writeFileSync(join(folder, 'out.log'), '')
    const paths: string[] = []
    const find = async () => {
      paths.length = 0
      const onEvent = (event: FilesEvent) => event.kind === 'paths' && paths.push(...event.paths)
      return workspace.ask({ op: 'find-files', folder }, { onEvent })
    }
    expect(await find()).toEqual({ count: 2, isTruncated: false, source: 'find' })
    expect(paths.toSorted()).toEqual(['out.log', 'src/in ner/a\nb"é.ts'])
    execFileSync('git', ['init', '-q', folder])
    writeFileSync(join(folder, '.gitignore'), '*.log\n')
    expect(await find()).toEqual({ count: 2, isTruncated: false, source: 'git' })
    expect(paths.toSorted()).toEqual(['.gitignore', 'src/in ner/a\nb"é.ts'])
  })

  it('searches contents literally or by expression, and survives binaries and hostile names', async () => {
    const folder = workspace.makeFolder()
    writeFileSync(join(folder, 'one\n:9:fake'), `first\n${'x'.repeat(900)} The $(touch pwned) needle\n`)
    writeFileSync(join(folder, 'bin'), Buffer.from([0, ...Buffer.from('needle'), 0]))
    const matches: SearchMatch[] = []
    const search = (query: string, options: object = {}) => {
      matches.length = 0
      const flags = { isRegex: false, isCaseSensitive: false, isWholeWord: false, maxMatches: 10, ...options }
      const onEvent = (event: FilesEvent) => event.kind === 'matches' && matches.push(...event.matches)
      return workspace.ask({ op: 'search', folder, query, ...flags }, { onEvent })
    }
    expect(await search('$(touch pwned) NEEDLE')).toMatchObject({ count: 1, isTruncated: false })
    const [match] = matches
    expect(match).toMatchObject({ path: 'one\n:9:fake', line: 2, length: 21 })
    expect(match?.text.slice(match.column ?? 0)).toMatch(/^\$\(touch pwned\) needle/)
    expect(await search('NEEDLE', { isCaseSensitive: true })).toMatchObject({ count: 0 })
    expect(await search('n[e]+dle', { isRegex: true })).toMatchObject({ count: 1 })
    expect(await search('eedle', { isWholeWord: true })).toMatchObject({ count: 0 })
    expect(await search('-e')).toMatchObject({ count: 0 })
    expect(await refusalOf(search('(', { isRegex: true }))).toMatchObject({ code: 'bad_query' })
    writeFileSync(join(folder, 'many'), 'needle\n'.repeat(5000))
    expect(await search('needle')).toMatchObject({ count: 10, isTruncated: true })
    expect(existsSync(join(folder, 'pwned'))).toBe(false)
  })

  it('sends no more than the window takes', async () => {
    const folder = workspace.makeFolder()
    writeFileSync(join(folder, 'many'), 'needle\n'.repeat(5000))
    const requestId = randomUUID()
    const counts: number[] = []
    const answer = new Promise((resolve) => {
      const stop = workspace.onMessage((message) => {
        if (!('requestId' in message) || message.requestId !== requestId) return
        if (message.type === 'files-event') counts.push(counts.length)
        if (message.type !== 'files-answer') return
        stop()
        resolve(message.result)
      })
    })
    const flags = { isRegex: false, isCaseSensitive: true, isWholeWord: false, maxMatches: 10_000 }
    const request = { op: 'search', folder, query: 'needle', ...flags }
    workspace.post({ type: 'files-request', requestId, place: workspace.place, request })
    await expect.poll(() => counts.length).toBe(16)
    // Another request goes all the way and back meanwhile: whatever was sent beyond the credit would be here.
    await workspace.ask({ op: 'home' })
    expect(counts).toHaveLength(16)
    for (let sent = 16; sent < 50; sent += 1) workspace.post({ type: 'files-ack', requestId, events: 1 })
    expect(await answer).toMatchObject({ ok: true, value: { count: 5000 } })
    expect(counts).toHaveLength(50)
  })

  it('is cancelled while it runs', async () => {
    const folder = workspace.makeFolder()
    writeFileSync(join(workspace.bin, 'rg'), `#!/bin/sh\ntouch ${folder}/started\nexec sleep 600\n`, {
      mode: 0o755,
    })
    const requestId = randomUUID()
    const search = { op: 'search', folder, query: 'x', maxMatches: 10 } as const
    const flags = { isRegex: false, isCaseSensitive: true, isWholeWord: false }
    const answer = refusalOf(workspace.ask({ ...search, ...flags }, { requestId }))
    await expect.poll(() => existsSync(join(folder, 'started'))).toBe(true)
    workspace.post({ type: 'files-cancel', requestId })
    expect(await answer).toMatchObject({ code: 'cancelled' })
    execFileSync('rm', [join(workspace.bin, 'rg')])
  })
})
