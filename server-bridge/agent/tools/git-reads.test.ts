import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agentManifest } from '../../testing/agent-manifest.ts'
import { readGitDiff, readGitLog, readGitStatus } from './git-reads.ts'

let folder: string
let repository: string

const reader = () => ({
  surroundings: { homeDir: folder, manifest: agentManifest(), environment: process.env },
  signal: new AbortController().signal,
})
const status = (path = '.') => readGitStatus(reader(), { path })
const diff = (asked: { path?: string; from?: string; to?: string } = {}) =>
  readGitDiff(reader(), { path: '.', ...asked })
const log = (asked: { path?: string; revision?: string; limit?: number } = {}) =>
  readGitLog(reader(), { path: '.', limit: 20, ...asked })
const gitIn = (cwd: string, ...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@b.c', ...words], { cwd, encoding: 'utf8' })
const git = (...words: string[]) => gitIn(repository, ...words).trim()
const write = (name: string, content: string) => writeFileSync(join(repository, name), content)
function commit(message: string) {
  git('add', '.')
  git('commit', '-qm', message)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-git-reads-'))
  repository = join(folder, 'project')
  mkdirSync(join(repository, 'src'), { recursive: true })
  git('init', '-q', '-b', 'trunk')
  write('kept.txt', 'one\ntwo\n')
  commit('begin')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the status', () => {
  it('tells the branch, its last commit and the files that differ', async () => {
    write('kept.txt', 'one\n2\n')
    write('staged.txt', 'x')
    git('add', 'staged.txt')
    write('src/new "one".txt', 'x')
    expect(await status()).toEqual({
      repo_root: repository,
      branch: 'trunk',
      commit: git('rev-parse', 'HEAD'),
      conflicted: [],
      staged: ['staged.txt'],
      unstaged: ['kept.txt'],
      untracked: ['src/new "one".txt'],
      truncated: false,
    })
    expect(await status('project/src')).toMatchObject({ staged: [], untracked: ['src/new "one".txt'] })
  })

  it('tells how far the work is from the default branch of the origin', async () => {
    const clone = join(folder, 'clone')
    gitIn(folder, 'clone', '-q', repository, clone)
    write('kept.txt', 'moved on\n')
    commit('moved on')
    gitIn(clone, 'fetch', '-q')
    gitIn(clone, 'switch', '-qc', 'work')
    gitIn(clone, 'commit', '-q', '--allow-empty', '-m', 'mine')
    gitIn(clone, 'commit', '-q', '--allow-empty', '-m', 'mine too')
    expect(await status('clone')).toMatchObject({
      branch: 'work',
      base: { revision: 'origin/trunk', ahead: 2, behind: 1 },
    })
  })

  it('is that of a repository without a commit, and of no branch', async () => {
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    gitIn(empty, 'init', '-q', '-b', 'trunk')
    expect(await status('empty')).toMatchObject({ branch: 'trunk', commit: null })
    git('switch', '-q', '--detach')
    expect(await status('project')).toMatchObject({ branch: '' })
  })

  it('names what a merge left to be put together, once', async () => {
    git('switch', '-qc', 'work')
    write('kept.txt', 'mine\n')
    commit('mine')
    git('switch', '-q', 'trunk')
    write('kept.txt', 'theirs\n')
    commit('theirs')
    expect(() => git('merge', '-q', 'work')).toThrow()
    expect(await status()).toMatchObject({ conflicted: ['kept.txt'], staged: [], unstaged: [] })
  })

  it('says how many files it leaves out', async () => {
    for (let at = 0; at < 501; at += 1) write(`src/${at}.txt`, '')
    const { untracked, truncated } = await status()
    expect([untracked.length, truncated]).toEqual([500, true])
  })
})

describe('a diff', () => {
  it('is of the files as they are against the last commit, in a folder or a file', async () => {
    write('src/a.txt', 'a\n')
    commit('a')
    write('kept.txt', 'one\n2\n')
    write('src/a.txt', 'b\n')
    const all = await diff()
    expect(all).toMatchObject({ repo_root: repository, additions: 2, deletions: 2, changed_files: 2 })
    expect(all.diff).toContain('--- a/kept.txt\n+++ b/kept.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n')
    expect(await diff({ path: 'project/src' })).toMatchObject({ changed_files: 1 })
    expect((await diff({ path: 'project/kept.txt' })).diff).not.toContain('src/a.txt')
  })

  it('is between commits', async () => {
    write('kept.txt', 'three\n')
    commit('third')
    write('kept.txt', 'four\n')
    expect((await diff({ from: 'HEAD~1', to: 'HEAD' })).diff).toContain('-one\n-two\n+three\n')
    expect((await diff({ from: 'HEAD~1' })).diff).toContain('+four\n')
  })

  it('tells only the names of what would be too much', async () => {
    write('kept.txt', 'three\n')
    write('large.txt', 'x\n')
    commit('large')
    write('kept.txt', 'four\n')
    write('large.txt', 'many of them\n'.repeat(10_000))
    const told = await diff()
    expect(told).toMatchObject({ changed_files: 2, additions: 10_001 })
    expect(told.diff).toContain('+four\n')
    expect(told.diff).toContain('diff --git a/large.txt b/large.txt')
    expect(JSON.stringify(told).length).toBeLessThan(64 * 1024)
  })

  it('begins with nothing where there is no commit', async () => {
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    gitIn(empty, 'init', '-q')
    writeFileSync(join(empty, 'first.txt'), 'x\n')
    gitIn(empty, 'add', '.')
    expect(await diff({ path: 'empty' })).toMatchObject({ additions: 1, changed_files: 1 })
  })

  it.each(['--output=stolen', 'nothing', 'HEAD..trunk', '--all', 'HEAD\0'])(
    'takes %s for no commit, and for no option',
    async (from) => {
      await expect(diff({ from })).rejects.toThrow(`The repository has no commit that is called ${from}.`)
      expect(existsSync(join(repository, 'stolen'))).toBe(false)
    },
  )

  it('runs nothing that the repository names', async () => {
    const program = join(folder, 'program')
    writeFileSync(program, `#!/bin/sh\ntouch ${join(folder, 'ran')}\ncat\n`)
    chmodSync(program, 0o700)
    write('.gitattributes', '*.txt diff=evil filter=evil\n')
    for (const [name, value] of [
      ['diff.external', program],
      ['diff.evil.textconv', program],
      ['diff.evil.command', program],
      ['filter.evil.clean', program],
      ['core.fsmonitor', program],
      ['core.pager', program],
      ['gpg.program', program],
      ['log.showSignature', 'true'],
    ] as const)
      git('config', name, value)
    write('kept.txt', 'other\n')
    await diff()
    await status()
    await log()
    expect(existsSync(join(folder, 'ran'))).toBe(false)
  })
})

describe('the log', () => {
  it('shortens long messages alike, so that all commits are told', async () => {
    for (let at = 0; at < 30; at += 1) git('commit', '-q', '--allow-empty', '-m', `${at} ${'x'.repeat(3000)}`)
    const { commits, truncated } = await log({ limit: 30 })
    expect(commits.map(({ message }) => message.split(' ')[0])).toEqual(
      Array.from({ length: 30 }, (_, at) => String(29 - at)),
    )
    expect(truncated).toBe(true)
    expect(commits.every(({ message }) => message.length === 667)).toBe(true)
    expect((await log({ limit: 2 })).commits.map(({ message }) => message.length)).toEqual([2000, 2000])
  })

  it('tells the newest commits first, and that there are more', async () => {
    write('src/a.txt', 'a\n')
    commit('Add a\n\nBecause it was missing.')
    const { commits, truncated } = await log({ limit: 1 })
    expect(truncated).toBe(true)
    expect(commits).toEqual([
      {
        commit: git('rev-parse', 'HEAD'),
        author: 'Ada <a@b.c>',
        date: git('log', '-1', '--format=%aI'),
        message: 'Add a\n\nBecause it was missing.',
      },
    ])
    expect((await log()).commits.map(({ message }) => message.split('\n')[0])).toEqual(['Add a', 'begin'])
    expect((await log({ path: 'project/kept.txt' })).commits).toHaveLength(1)
    expect((await log({ revision: 'HEAD~1' })).commits).toHaveLength(1)
  })

  it('needs a commit', async () => {
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    gitIn(empty, 'init', '-q')
    await expect(log({ path: 'empty' })).rejects.toThrow('The repository has no commit that is called HEAD.')
  })
})

describe('the repository', () => {
  it('is the one a path is in, else the only one there is', async () => {
    expect((await status()).repo_root).toBe(repository)
    expect((await status('project/src')).repo_root).toBe(repository)
    const other = join(folder, 'other')
    mkdirSync(other)
    gitIn(other, 'init', '-q')
    await expect(status()).rejects.toThrow(
      `. is not in a git repository. Name one of: ${other}, ${repository}.`,
    )
    expect((await status('other')).repo_root).toBe(other)
  })

  it('is not looked for outside of the workspace', async () => {
    const home = join(repository, 'home')
    mkdirSync(home)
    const inner = { ...reader(), surroundings: { ...reader().surroundings, homeDir: home } }
    await expect(readGitStatus(inner, { path: '.' })).rejects.toThrow('There is none below it either.')
    await expect(readGitStatus(inner, { path: repository })).rejects.toThrow('outside of the workspace')
  })
})
