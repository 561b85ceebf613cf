/**
 * Chromium has no sandbox for root, so a run as root proves nothing about it. These steps let root run the journeys
 * tagged @user as a throw-away ordinary user, in a copy of the project when that user cannot read the original.
 */
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { runCommand } from '../run-command.ts'
import { ScriptFailure } from '../script-failure.ts'

/** The number is that of the run, so that two runs at once have a user each and a dead run's user can be told. */
const USER_PATTERN = /^outpost-e2e-(\d+):/gm

/** Folders of the project the journeys do not need. */
const LEFT_OUT = new Set(['.git', '.cache', 'release', 'test-results', 'coverage'])

/** The user, ready to run the journeys. */
export interface OrdinaryUser {
  /** Put in front of a command, it runs as the user. */
  readonly prefix: readonly string[]
  readonly home: string
  /** The project and the Electron folder as the user can read them. */
  readonly project: string
  readonly electronFolder: string
  /** Removes the user and the copies. */
  remove(): Promise<void>
}

/** Makes the user and gives it what it has to read. Needs root. */
export async function createOrdinaryUser(project: string, electronFolder: string): Promise<OrdinaryUser> {
  await removeUsersOfDeadRuns()
  const name = `outpost-e2e-${process.pid}`
  const prefix = ['runuser', '-u', name, '--']
  await must('useradd', ['--create-home', '--shell', '/bin/bash', name])
  // mktemp's folders are private; this one is handed to the user.
  const stage = await mkdtemp(path.join(os.tmpdir(), 'outpost-e2e-user-'))
  await must('chmod', ['755', stage])
  const home = path.join(stage, 'home')
  await mkdir(home)
  await must('chown', ['-R', `${name}:`, home])

  const canRead = async (file: string): Promise<boolean> =>
    (await runCommand('runuser', [...prefix.slice(1), 'test', '-r', file])).code === 0
  if (!(await canRead(process.execPath))) {
    throw new ScriptFailure(
      `The Node at ${process.execPath} is readable for root only, so no ordinary user can run the journeys.`,
    )
  }
  const visible = async (
    folder: string,
    probe: string,
    name: string,
    leftOut: ReadonlySet<string>,
  ): Promise<string> =>
    (await canRead(path.join(folder, probe))) ? folder : copyReadable(folder, path.join(stage, name), leftOut)
  return {
    prefix,
    home,
    project: await visible(project, 'dist/main/index.js', 'project', LEFT_OUT),
    electronFolder: await visible(electronFolder, 'version', 'electron', new Set()),
    async remove() {
      await rm(stage, { recursive: true, force: true })
      await removeUser(name)
    },
  }
}

async function removeUsersOfDeadRuns(): Promise<void> {
  const users = await readFile('/etc/passwd', 'utf8')
  for (const [, pid = ''] of users.matchAll(USER_PATTERN)) {
    if (!existsSync(`/proc/${pid}`) || pid === String(process.pid)) await removeUser(`outpost-e2e-${pid}`)
  }
}

async function removeUser(name: string): Promise<void> {
  await must('userdel', ['--force', '--remove', name])
}

async function copyReadable(from: string, to: string, leftOut: ReadonlySet<string>): Promise<string> {
  await mkdir(to)
  for (const name of await readdir(from)) {
    if (leftOut.has(name)) continue
    await cp(path.join(from, name), path.join(to, name), { recursive: true, verbatimSymlinks: true })
  }
  await must('chmod', ['-R', 'a+rX', to])
  return to
}

async function must(command: string, args: readonly string[]): Promise<void> {
  const result = await runCommand(command, args)
  // userdel says 12 when the mail spool it wanted to remove was never there.
  if (result.code === 0 || (command === 'userdel' && result.code === 12)) return
  throw new ScriptFailure(`${command} ${args.join(' ')} failed: ${result.stderr.trim()}`)
}
