import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folderPrefix } from './left-folders.ts'
import { agentNameVariable, loginShell, workspaceFolderVariable } from './shell-command.ts'

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
  const place = {
    homeDir: environment[workspaceFolderVariable] ?? '',
    agentName: environment[agentNameVariable] ?? '',
  }
  const folder = await mkdtemp(join(tmpdir(), folderPrefix('script', place)))
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
