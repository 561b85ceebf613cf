import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ScannedRepository } from '../../contract/agent-tools.ts'
import { maxGitDiffBytes } from '../../contract/chats-git.ts'
import { agentManifest } from '../../testing/agent-manifest.ts'
import { changeGitFile } from './git-changes.ts'
import { scanRepositories } from './git-scan.ts'

let folder: string
let repository: string

const surroundings = () => ({ homeDir: folder, manifest: agentManifest(), environment: process.env })
const scan = () => scanRepositories(surroundings())
const git = (...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words], {
    cwd: repository,
    encoding: 'utf8',
  })
const write = (name: string, content: string | Buffer) => writeFileSync(join(repository, name), content)
const read = (name: string) => readFileSync(join(repository, name), 'utf8')
async function only(): Promise<ScannedRepository> {
  const [found, ...others] = await scan()
  expect(others).toEqual([])
  if (!found) throw new Error('Nothing was found.')
  return found
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-git-'))
  repository = join(folder, 'project')
  mkdirSync(repository)
  git('init', '-q', '-b', 'trunk')
  write('kept.txt', 'one\ntwo\n')
  git('add', '.')
  git('commit', '-qm', 'begin')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a scan', () => {
  it('tells what differs, also in files git does not know yet', async () => {
    git('remote', 'add', 'origin', 'https://ada:secret-token@example.com/a/b.git')
    write('kept.txt', 'one\n2\n')
    write('new "name".txt', 'fresh')
    write('data', Buffer.from([1, 0, 2]))
    write('.gitignore', 'ignored\n')
    write('ignored', 'x')
    symlinkSync('/etc/passwd', join(repository, 'link'))
    const found = await only()
    expect(found).toMatchObject({
      repo_root: repository,
      branch: 'trunk',
      remote_origin: 'https://example.com/a/b.git',
      additions: 4,
      deletions: 1,
      changed_files: 5,
    })
    expect(found.unified_diff).toContain('--- a/kept.txt\n+++ b/kept.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n')
    expect(found.unified_diff).toContain(
      'diff --git "a/new \\"name\\".txt" "b/new \\"name\\".txt"\nnew file mode 100644\n--- /dev/null\n' +
        '+++ "b/new \\"name\\".txt"\n@@ -0,0 +1 @@\n+fresh\n\\ No newline at end of file\n',
    )
    expect(found.unified_diff).toContain('Binary files /dev/null and b/data differ\n')
    expect(found.unified_diff).toContain('new file mode 120000\n')
    expect(found.unified_diff).not.toContain('root:')
    // git takes it for what it says.
    const applied = mkdtempSync(join(tmpdir(), 'outpost-apply-'))
    writeFileSync(join(applied, 'kept.txt'), 'one\ntwo\n')
    const diff = found.unified_diff.split(/^(?=diff --git )/m).filter((part) => !part.includes('Binary files'))
    execFileSync('git', ['apply', '--unsafe-paths'], { cwd: applied, input: diff.join('') })
    expect(readFileSync(join(applied, 'new "name".txt'), 'utf8')).toBe('fresh')
    rmSync(applied, { recursive: true })
  })

  it('finds repositories below the workspace, but none within another or behind a link', async () => {
    mkdirSync(join(repository, 'inner'))
    execFileSync('git', ['init', '-q'], { cwd: join(repository, 'inner') })
    mkdirSync(join(folder, 'group', 'second'), { recursive: true })
    execFileSync('git', ['init', '-q', '-b', 'empty'], { cwd: join(folder, 'group', 'second') })
    writeFileSync(join(folder, 'group', 'second', 'first.txt'), 'x\n')
    execFileSync('git', ['add', '.'], { cwd: join(folder, 'group', 'second') })
    mkdirSync(join(folder, 'node_modules', 'dep', '.git'), { recursive: true })
    symlinkSync(tmpdir(), join(folder, 'way-out'))
    mkdirSync(join(folder, 'broken', '.git'), { recursive: true })
    const found = await scan()
    expect(found.map(({ repo_root: root, branch }) => [root, branch])).toEqual([
      [join(folder, 'group', 'second'), 'empty'],
      [repository, 'trunk'],
    ])
    expect(found[0]?.unified_diff).toContain('+++ b/first.txt\n@@ -0,0 +1 @@\n+x\n')
    expect(found[1]).toMatchObject({ unified_diff: '', changed_files: 0, files: [] })
  })

  it('runs nothing that the repository or its user has set up', async () => {
    const trap = join(folder, 'trap.sh')
    writeFileSync(trap, `#!/bin/sh\necho ran >> ${folder}/trapped\ncat\n`)
    chmodSync(trap, 0o755)
    write('.gitattributes', '* diff=trap filter=trap\n')
    git('add', '.')
    git('commit', '-qm', 'attributes')
    for (const name of [
      ...['core.fsmonitor', 'diff.external', 'diff.trap.textconv', 'diff.trap.command'],
      ...['filter.trap.clean', 'filter.trap.process', 'core.pager', 'filter.a=b.clean'],
    ])
      git('config', name, trap)
    git('config', 'core.hooksPath', join(folder, 'hooks'))
    mkdirSync(join(folder, 'hooks'))
    symlinkSync(trap, join(folder, 'hooks', 'post-index-change'))
    write('kept.txt', 'one\n2\n')
    expect((await only()).unified_diff).toContain('+2')
    expect(existsSync(join(folder, 'trapped'))).toBe(false)
  })

  it('has an end: of what would be too much it tells the names', async () => {
    const big = `${'x'.repeat(99)}\n`.repeat(20_000)
    for (const name of ['a.txt', 'b.txt', 'c.txt']) write(name, big)
    git('add', '.')
    write('d.txt', big)
    const { unified_diff: diff, changed_files: count, additions } = await only()
    expect(Buffer.byteLength(diff)).toBeLessThanOrEqual(maxGitDiffBytes)
    expect([count, additions]).toEqual([4, 60_000])
    expect([...diff.matchAll(/^diff --git a\/(\S+)/gm)].map(([, name]) => name)).toEqual([
      'a.txt',
      'b.txt',
      'c.txt',
      'd.txt',
    ])
  })

  it('tells what is staged', async () => {
    write('kept.txt', 'one\n2\n')
    git('add', '.')
    write('kept.txt', 'one\n3\n')
    write('new.txt', 'x')
    expect((await only()).files).toEqual([
      { path: 'kept.txt', staged: true, unstaged: true, untracked: false },
      { path: 'new.txt', staged: false, unstaged: true, untracked: true },
    ])
  })
})

describe('a change of a file', () => {
  const act = (action: 'stage' | 'unstage' | 'discard', path: string, repo_root = repository) =>
    changeGitFile(surroundings(), { repo_root, path, action })
  const staged = () => git('diff', '--cached', '--name-only').trim()

  it('stages and unstages it', async () => {
    write('kept.txt', 'changed\n')
    write('new.txt', 'x\n')
    await act('stage', 'kept.txt')
    expect(staged()).toBe('kept.txt')
    await act('stage', 'new.txt')
    await act('unstage', 'kept.txt')
    expect(staged()).toBe('new.txt')
  })

  it('discards what was changed, added or removed in it', async () => {
    write('kept.txt', 'changed\n')
    git('add', '.')
    write('kept.txt', 'again\n')
    await act('discard', 'kept.txt')
    expect(read('kept.txt')).toBe('one\ntwo\n')
    rmSync(join(repository, 'kept.txt'))
    await act('discard', 'kept.txt')
    expect(read('kept.txt')).toBe('one\ntwo\n')
    write('new.txt', 'x')
    await act('discard', 'new.txt')
    write('added.txt', 'x')
    git('add', '.')
    await act('discard', 'added.txt')
    expect([existsSync(join(repository, 'new.txt')), existsSync(join(repository, 'added.txt'))]).toEqual([
      false,
      false,
    ])
    expect(git('status', '--porcelain')).toBe('')
  })

  it('touches one file of the repository, and nothing else', async () => {
    writeFileSync(join(folder, 'outside.txt'), 'mine')
    symlinkSync(folder, join(repository, 'way-out'))
    mkdirSync(join(repository, 'sub'))
    write('sub/a.txt', 'a')
    write('*.txt', 'star')
    for (const path of [
      ...['../outside.txt', join(folder, 'outside.txt'), 'way-out/outside.txt', '.git/config', '.', 'sub'],
      ...['kept.txt', 'missing.txt', 'sub/../../outside.txt', ':/kept.txt', '--all'],
    ])
      await expect(act('discard', path), path).rejects.toMatchObject({ status: 400 })
    for (const root of [folder, '/', tmpdir()])
      await expect(act('discard', 'kept.txt', root)).rejects.toMatchObject({ status: 400 })
    await act('discard', '*.txt')
    expect([existsSync(join(repository, '*.txt')), read('sub/a.txt'), read('kept.txt')]).toEqual([
      false,
      'a',
      'one\ntwo\n',
    ])
    expect(readFileSync(join(folder, 'outside.txt'), 'utf8')).toBe('mine')
  })
})
