import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loginShell } from './shell-command.ts'

const FOLDER_PREFIX = 'outpost-script-'

export interface ScriptCommand {
  readonly file: string
  readonly args: readonly string[]
  /** Removes what was written for the run. */
  remove(): Promise<void>
}

/**
 * How a script is run: by the interpreter of its first line, else by the login shell, as Coder's agent does. The text
 * goes through a private file instead of `-c`, so that it neither shows in the process list nor meets the system's
 * limit for one argument (128 KiB on Linux).
 */
export async function prepareScript(
  script: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ScriptCommand> {
  await removeLeftScripts()
  const folder = await mkdtemp(join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`))
  const isWindows = process.platform === 'win32'
  // cmd.exe runs nothing without its extension.
  const path = join(folder, isWindows ? 'script.cmd' : 'script')
  await writeFile(path, dedentShebang(script), { mode: 0o600 })
  const shebang = isWindows ? undefined : readShebang(script)
  const [file = loginShell(environment), ...args] = shebang ?? []
  return {
    file,
    args: shebang === undefined && isWindows ? ['/c', path] : [...args, path],
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** An agent that was killed could not remove its scripts; the folder says whose it was, and the next agent does it. */
async function removeLeftScripts(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(FOLDER_PREFIX)) continue
    const pid = Number(name.slice(FOLDER_PREFIX.length).split('-')[0])
    if (!Number.isInteger(pid) || pid <= 0 || isRunning(pid)) continue
    // Another user's folder cannot be removed, and is theirs to remove.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Terraform's `<<EOF` often indents the first line, which Coder accepts; interpreters only read it at the start. */
function dedentShebang(script: string): string {
  return /^\s*#!/.test(script) ? script.trimStart() : script
}

/**
 * The words of `#!/usr/bin/env bash`. Unlike the kernel, which passes one argument, all words count, as in Coder.
 */
export function readShebang(script: string): string[] | undefined {
  const match = /^\s*#!([^\n]*)/.exec(script)
  const words = match?.[1]?.trim().split(/\s+/).filter(Boolean)
  return words === undefined || words.length === 0 ? undefined : words
}
