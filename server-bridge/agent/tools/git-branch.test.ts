import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agentManifest } from '../../testing/agent-manifest.ts'
import { readBranchDiff } from './git-branch.ts'
import { scanRepositories } from './git-scan.ts'

let folder: string
/** What was cloned. */
let origin: string
let repository: string

const surroundings = () => ({
  homeDir: join(folder, 'work'),
  manifest: agentManifest(),
  environment: process.env,
})
const gitIn = (cwd: string, ...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words], { cwd, encoding: 'utf8' })
const git = (...words: string[]) => gitIn(repository, ...words)
const write = (name: string, content: string) => writeFileSync(join(repository, name), content)
function commit(name: string, content: string): void {
  write(name, content)
  git('add', '.')
  git('commit', '-qm', name)
}
const read = () => readBranchDiff(surroundings())
const counted = async () => {
  const [found] = await scanRepositories(surroundings())
  return found && [found.additions, found.deletions, found.changed_files]
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-branch-'))
  origin = join(folder, 'origin')
  mkdirSync(origin)
  gitIn(origin, 'init', '-q', '-b', 'trunk')
  writeFileSync(join(origin, 'kept.txt'), 'one\ntwo\n')
  gitIn(origin, 'add', '.')
  gitIn(origin, 'commit', '-qm', 'begin')
  mkdirSync(join(folder, 'work'))
  repository = join(folder, 'work', 'project')
  gitIn(folder, 'clone', '-q', origin, repository)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the diff of a branch', () => {
  it('is what its commits changed since it left the default branch, whatever that is called', async () => {
    git('switch', '-qc', 'agent/work')
    commit('kept.txt', 'one\n2\n')
    write('not-committed.txt', 'x\n')
    git('switch', '-q', 'trunk')
    commit('elsewhere.txt', 'of others\n')
    git('push', '-q', origin, 'trunk:moved')
    git('switch', '-q', 'agent/work')
    const found = await read()
    expect(found).toMatchObject({
      branch: 'agent/work',
      remote_origin: origin,
      base_branch: 'trunk',
      pushed: false,
    })
    expect(found?.unified_diff).toContain('-two\n+2\n')
    expect(found?.unified_diff).not.toMatch(/elsewhere|not-committed/)
  })

  it('says that the branch was pushed once it was', async () => {
    git('switch', '-qc', 'agent/work')
    commit('new.txt', 'x\n')
    git('push', '-q', 'origin', 'agent/work')
    expect(await read()).toMatchObject({ pushed: true })
  })

  it('is empty where nothing was committed, and absent where nothing is known to compare with', async () => {
    expect(await read()).toMatchObject({ unified_diff: '' })
    git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/heads/trunk')
    git('update-ref', '-d', 'refs/remotes/origin/trunk')
    const found = await read()
    expect(found).toMatchObject({ branch: 'trunk', base_branch: '' })
    expect(found).not.toHaveProperty('unified_diff')
    git('remote', 'remove', 'origin')
    expect(await read()).toMatchObject({ remote_origin: '', base_branch: '', pushed: false })
  })

  it('is absent for a history that has nothing in common with the default branch', async () => {
    git('switch', '-q', '--orphan', 'apart')
    expect(await read()).not.toHaveProperty('unified_diff')
    commit('new.txt', 'x\n')
    expect(await read()).not.toHaveProperty('unified_diff')
  })

  it('is absent where older files are missing, as in a partial clone, which hides no other repository', async () => {
    const old = git('rev-parse', 'HEAD:kept.txt').trim()
    git('switch', '-qc', 'agent/work')
    commit('kept.txt', 'one\n2\n3\n')
    rmSync(join(repository, '.git', 'objects', old.slice(0, 2), old.slice(2)))
    const found = await read()
    expect(found).toMatchObject({ branch: 'agent/work', base_branch: 'trunk', pushed: false })
    expect(found).not.toHaveProperty('unified_diff')
    const later = join(folder, 'work', 'z-later')
    gitIn(folder, 'clone', '-q', origin, later)
    writeFileSync(join(later, 'new.txt'), 'x\n')
    gitIn(later, 'add', '.')
    gitIn(later, 'commit', '-qm', 'new')
    expect((await read())?.unified_diff).toContain('+++ b/new.txt')
  })

  it('takes a usual name for the default branch of an origin that does not say', async () => {
    git('push', '-q', 'origin', 'trunk:master')
    git('symbolic-ref', '-d', 'refs/remotes/origin/HEAD')
    commit('new.txt', 'x\n')
    expect(await read()).toMatchObject({ base_branch: 'master' })
    expect((await read())?.unified_diff).toContain('+++ b/new.txt')
  })

  it('is that of the first repository with one, and null without a repository', async () => {
    const other = join(folder, 'work', 'a-first')
    gitIn(folder, 'clone', '-q', origin, other)
    commit('new.txt', 'x\n')
    expect((await read())?.unified_diff).toContain('new.txt')
    rmSync(other, { recursive: true })
    rmSync(repository, { recursive: true })
    expect(await read()).toBeNull()
  })
})

describe('the sums of a scan', () => {
  it('are of the whole work of the branch, committed or not', async () => {
    git('switch', '-qc', 'agent/work')
    expect(await counted()).toEqual([0, 0, 0])
    commit('kept.txt', 'one\n2\n3\n')
    expect(await counted()).toEqual([2, 1, 1])
    write('kept.txt', 'one\n')
    write('new.txt', 'x\n')
    expect(await counted()).toEqual([1, 1, 2])
  })
  it('are those of what is not committed where older files are missing, as in a partial clone', async () => {
    const old = git('rev-parse', 'HEAD:kept.txt').trim()
    git('switch', '-qc', 'agent/work')
    commit('kept.txt', 'one\n2\n3\n')
    write('kept.txt', 'one\n2\n')
    rmSync(join(repository, '.git', 'objects', old.slice(0, 2), old.slice(2)))
    expect(await counted()).toEqual([0, 1, 1])
  })
})
