import { mkdirSync, type Stats, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { isAbsolute, join, relative, sep } from 'node:path'
import type { AgentManifest } from '../contract/agent-link.ts'

export interface ShellCommand {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** Where a workspace's processes run and what they are told about it. */
export interface WorkspaceSurroundings {
  /** The workspace's own folder. */
  readonly homeDir: string
  readonly manifest: AgentManifest
  /** Environment of the agent, an allow-list already. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform?: NodeJS.Platform
  /** How `git` reaches hosts by SSH; absent: as everything else does. */
  readonly gitSshCommand?: string | undefined
  /** Where windows show, once the workspace has a virtual desktop; absent: where the machine says. */
  readonly display?: Readonly<Record<string, string>> | undefined
}

/** Names the workspace's folder to programs in it, and marks every process that belongs to it (see process-tree). */
export const workspaceFolderVariable = 'OUTPOST_WORKSPACE_DIR'

/**
 * Coder's variable, and a mark as well: which of the workspace's agents a process belongs to. Unlike the instance it
 * stays the same over restarts, so that an agent knows what its forerunner left from what another one runs.
 */
export const agentNameVariable = 'CODER_WORKSPACE_AGENT_NAME'

/**
 * Tells the processes of one agent process from those of another in the same folder: one that ends while its successor
 * already runs must not take the successor's shells and scripts along.
 */
export const agentInstanceVariable = 'OUTPOST_AGENT_INSTANCE'

/**
 * Variables only we may set. They say to which workspace and agent process something belongs, and what it is called:
 * stopping a workspace ends what carries the marks, and neither a template nor a client may hide from that or point it
 * elsewhere.
 */
export const ourOwnVariables: ReadonlySet<string> = new Set([
  workspaceFolderVariable,
  agentInstanceVariable,
  'CODER',
  'CODER_AGENT_TOKEN',
  agentNameVariable,
  'CODER_WORKSPACE_ID',
  'CODER_WORKSPACE_NAME',
  'CODER_WORKSPACE_OWNER_NAME',
])

/**
 * The environment of every shell and script: the agent's, the template's, the user's secrets, and what Coder's agent sets (stable-api,
 * "The agent's SSH server").
 *
 * `HOME` stays the user's own: a local workspace is a folder on the user's machine, and the shell's dotfiles, git
 * identity and tool caches are found there. `CODER_AGENT_TOKEN` is left out, though Coder sets it: no credential of
 * the control plane enters a workspace.
 */
export function workspaceEnvironment(surroundings: WorkspaceSurroundings): Record<string, string> {
  const { manifest, homeDir } = surroundings
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(surroundings.environment)) {
    if (value !== undefined) environment[name] = value
  }
  // Before the others: whoever has a way of their own keeps it.
  if (surroundings.gitSshCommand !== undefined) environment['GIT_SSH_COMMAND'] = surroundings.gitSshCommand
  const secrets = (manifest.secrets ?? []).map(({ env_name: name, value }) => [name, value] as const)
  Object.assign(environment, surroundings.display)
  // The user's own word comes after the template's.
  for (const [name, value] of [...Object.entries(manifest.environment), ...secrets]) {
    if (isUsableName(name) && !ourOwnVariables.has(name) && !value.includes('\0')) environment[name] = value
  }
  return {
    ...environment,
    CODER: 'true',
    CODER_WORKSPACE_NAME: manifest.workspace_name,
    CODER_WORKSPACE_ID: manifest.workspace_id,
    [agentNameVariable]: manifest.agent_name,
    CODER_WORKSPACE_OWNER_NAME: manifest.owner_name,
    [workspaceFolderVariable]: homeDir,
  }
}

/** A name with `=` or NUL would smuggle in a second variable. */
function isUsableName(name: string): boolean {
  return name !== '' && !/[=\0]/.test(name)
}

/**
 * The folder shells start in, as an absolute path: `~`, `$HOME` and relative paths mean the workspace's folder, other
 * variables come from the template's environment. Coder's agent resolves against its home the same way, where the home
 * is the workspace's.
 */
export function expandDirectory(surroundings: WorkspaceSurroundings): string {
  return expandPath(surroundings.manifest.directory, surroundings)
}

/** Any path of a template, as {@link expandDirectory} takes the folder. */
export function expandPath(path: string, { manifest, homeDir }: WorkspaceSurroundings): string {
  const variables: Record<string, string> = {
    ...manifest.environment,
    HOME: homeDir,
    [workspaceFolderVariable]: homeDir,
  }
  const expanded = path
    .replace(/^~(?=$|[/\\])/, () => homeDir)
    .replaceAll(
      /\$(?:\{(\w+)\}|(\w+))/g,
      (_, braced?: string, bare?: string) => variables[braced ?? bare ?? ''] ?? '',
    )
  if (expanded === '') return homeDir
  return isAbsolute(expanded) ? expanded : join(homeDir, expanded)
}

/**
 * Makes the configured folder when it lies inside the workspace's, so that a terminal opened while the start scripts
 * still run begins where it belongs. Folders elsewhere on the machine are the template's own business.
 */
export function prepareDirectory(surroundings: WorkspaceSurroundings): void {
  const directory = expandDirectory(surroundings)
  const path = relative(surroundings.homeDir, directory)
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) return
  mkdirSync(directory, { recursive: true, mode: 0o700 })
}

/** The configured folder when it exists, else the workspace's, as Coder's agent does. */
export function workingDirectory(surroundings: WorkspaceSurroundings): string {
  const directory = expandDirectory(surroundings)
  if (statIfReadable(directory)?.isDirectory() === true) return directory
  // The workspace's folder is ours to make: a shell must start even when a script removed it.
  mkdirSync(surroundings.homeDir, { recursive: true, mode: 0o700 })
  return surroundings.homeDir
}

/** The user's login shell: from the environment, else the account, else what every system has. */
export function loginShell(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === 'win32') return environment['ComSpec'] ?? environment['COMSPEC'] ?? 'cmd.exe'
  const candidates = [environment['SHELL'], accountShell(), '/bin/bash', '/bin/sh']
  return candidates.find((shell) => shell !== undefined && isExecutableShell(shell)) ?? '/bin/sh'
}

function accountShell(): string | undefined {
  try {
    return userInfo().shell ?? undefined
  } catch {
    // Containers run under user ids without an account; they have no shell of their own to prefer.
    return undefined
  }
}

function isExecutableShell(shell: string): boolean {
  if (!isAbsolute(shell)) return false
  const stat = statIfReadable(shell)
  // `nologin` and `false` are how accounts say that they have no shell.
  return stat?.isFile() === true && (stat.mode & 0o111) !== 0 && !/\/(?:nologin|false)$/.test(shell)
}

/** What lies there; undefined for nothing, and for what this user may not look at, such as another one's folder. */
function statIfReadable(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** A login shell, or `command` run by it. */
export function createShellCommand(surroundings: WorkspaceSurroundings, command: string): ShellCommand {
  const platform = surroundings.platform ?? process.platform
  const env = workspaceEnvironment(surroundings)
  const file = loginShell(env, platform)
  const isWindows = platform === 'win32'
  const runFlag = isWindows ? '/c' : '-c'
  const loginArgs = isWindows ? [] : ['-l']
  // A command that begins with a hyphen would be read as more options of the shell; not every shell knows `--`.
  return {
    file,
    args: command === '' ? loginArgs : [runFlag, command.startsWith('-') ? ` ${command}` : command],
    cwd: workingDirectory(surroundings),
    env,
  }
}
