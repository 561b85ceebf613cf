/**
 * Finds the Linux libraries and programs that Electron, its offline runtime and the journeys need, names the one
 * command that installs what is missing, and runs it where nobody is there to be asked.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { isatty } from 'node:tty'
import { fileURLToPath } from 'node:url'
import { runCommand } from './run-command.ts'
import { ScriptFailure, runScript } from './script-failure.ts'

/** `app`: to run Electron at all. `runtime`: to unpack the offline runtime. `tests`: to run the journeys. */
export type Purpose = 'app' | 'runtime' | 'tests'

interface Requirement {
  readonly aptPackage: string
  /** The name since Debian 13 and Ubuntu 24.04, where libraries were renamed for 64-bit time. */
  readonly aptPackageTime64?: string
  readonly purpose: Purpose
  readonly library?: string
  readonly program?: string
  /** The package starts a service, now and with the machine, unless this file is there. It is made before. */
  readonly switchedOffBy?: string
}

/** Libraries are those `ldd` names for Electron and keytar; gtk and nss pull in the rest as their dependencies. */
export const REQUIREMENTS: readonly Requirement[] = [
  { purpose: 'app', aptPackage: 'libgtk-3-0', aptPackageTime64: 'libgtk-3-0t64', library: 'libgtk-3.so.0' },
  { purpose: 'app', aptPackage: 'libnss3', library: 'libnss3.so' },
  { purpose: 'app', aptPackage: 'libgbm1', library: 'libgbm.so.1' },
  { purpose: 'app', aptPackage: 'libasound2', aptPackageTime64: 'libasound2t64', library: 'libasound.so.2' },
  { purpose: 'app', aptPackage: 'libsecret-1-0', library: 'libsecret-1.so.0' },
  { purpose: 'runtime', aptPackage: 'unzip', program: 'unzip' },
  { purpose: 'tests', aptPackage: 'xvfb', program: 'xvfb-run' },
  { purpose: 'tests', aptPackage: 'xauth', program: 'xauth' },
  { purpose: 'tests', aptPackage: 'gnome-keyring', program: 'gnome-keyring-daemon' },
  { purpose: 'tests', aptPackage: 'dbus', program: 'dbus-daemon' },
  { purpose: 'tests', aptPackage: 'dbus-x11', program: 'dbus-launch' },
  { purpose: 'tests', aptPackage: 'xdotool', program: 'xdotool' },
  { purpose: 'tests', aptPackage: 'openssh-client', program: 'ssh' },
  {
    purpose: 'tests',
    aptPackage: 'openssh-server',
    program: 'sshd',
    // Tests start one of their own, on a pipe. `README.Debian` of the package names the file.
    switchedOffBy: '/etc/ssh/sshd_not_to_be_run',
  },
  // Gives that one its accounts.
  { purpose: 'tests', aptPackage: 'libnss-wrapper', library: 'libnss_wrapper.so' },
  { purpose: 'tests', aptPackage: 'git', program: 'git' },
  { purpose: 'tests', aptPackage: 'openssl', program: 'openssl' },
  // Screens of workspaces, and a window to type into.
  { purpose: 'tests', aptPackage: 'tigervnc-standalone-server', program: 'Xtigervnc' },
  { purpose: 'tests', aptPackage: 'xterm', program: 'xterm' },
  // Networks of the kernel, for the soak of connections that break.
  { purpose: 'tests', aptPackage: 'iproute2', program: 'ip' },
]

/** What is known about the machine; read once by {@link inspectMachine}, made up in tests. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly isRoot: boolean
  readonly isInteractive: boolean
  readonly hasApt: boolean
  readonly hasTime64Names: boolean
  hasLibrary(name: string): boolean
  hasProgram(name: string): boolean
}

/** What to do about the packages: nothing, install them now, or tell the person and stop. */
export type Decision =
  | { readonly action: 'none' }
  | {
      readonly action: 'install'
      readonly packages: readonly string[]
      /** Files to be made before, so that no package starts a service. */
      readonly switchedOffBy: readonly string[]
      readonly command: string
    }
  | { readonly action: 'tell'; readonly message: string }

/** Decides without touching anything. Purposes add up: the tests need the app's packages too. */
export function decidePackages(purposes: readonly Purpose[], machine: Machine): Decision {
  if (machine.platform !== 'linux') return { action: 'none' }
  const missing = REQUIREMENTS.filter((requirement) => {
    if (!purposes.includes(requirement.purpose)) return false
    if (requirement.library !== undefined) return !machine.hasLibrary(requirement.library)
    return requirement.program !== undefined && !machine.hasProgram(requirement.program)
  })
  if (missing.length === 0) return { action: 'none' }

  if (!machine.hasApt) {
    const names = missing.map((requirement) => requirement.library ?? requirement.program).join(', ')
    return {
      action: 'tell',
      message: `Missing on this system: ${names}. Install them with your package manager.`,
    }
  }
  const packages = missing.map((requirement) =>
    machine.hasTime64Names
      ? (requirement.aptPackageTime64 ?? requirement.aptPackage)
      : requirement.aptPackage,
  )
  const switchedOffBy = missing.flatMap((requirement) => requirement.switchedOffBy ?? [])
  const steps = [
    ...switchedOffBy.map((file) => `install -D -m 644 /dev/null ${file}`),
    'apt-get update',
    `apt-get install -y --no-install-recommends ${packages.join(' ')}`,
  ]
  const command = steps.map((step) => (machine.isRoot ? step : `sudo ${step}`)).join(' && ')
  if (machine.isRoot && !machine.isInteractive) return { action: 'install', packages, switchedOffBy, command }
  return { action: 'tell', message: `System packages are missing. Install them with:\n\n  ${command}\n` }
}

/** Makes sure the packages are there: answers when they are, throws a {@link ScriptFailure} that says what to do. */
export async function ensureSystemPackages(purposes: readonly Purpose[]): Promise<void> {
  if (process.platform !== 'linux') return
  const decision = decidePackages(purposes, inspectMachine())
  if (decision.action === 'none') return
  if (decision.action === 'tell') throw new ScriptFailure(decision.message)

  console.log(`Installing system packages: ${decision.packages.join(' ')}`)
  for (const file of decision.switchedOffBy) {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, '', { flag: 'a' })
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...decision.packages]]) {
    const result = await runCommand('apt-get', ['-qq', ...args], { env, timeoutMs: 10 * 60_000 })
    if (result.code === 0) continue
    const reason = result.timedOut ? 'It did not finish within ten minutes.' : result.stderr.trim()
    throw new ScriptFailure(
      `apt-get ${args[0] ?? ''} failed. ${reason}\n\nRun it yourself:\n\n  ${decision.command}\n`,
    )
  }
  const after = decidePackages(purposes, inspectMachine())
  if (after.action !== 'none') {
    throw new ScriptFailure(
      `The packages were installed, but some of what they should bring is still not found.`,
    )
  }
}

/** Reads the facts of this machine. */
export function inspectMachine(): Machine {
  const libraries = listLibraries()
  const folders = [
    ...(process.env['PATH'] ?? '').split(path.delimiter),
    '/usr/bin',
    '/bin',
    '/usr/sbin',
    '/sbin',
  ]
  const hasProgram = (name: string): boolean =>
    folders.some((folder) => folder !== '' && existsSync(path.join(folder, name)))
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    isInteractive: isatty(0) && isatty(1) && !process.env['CI'],
    hasApt: hasProgram('apt-get'),
    hasTime64Names: usesTime64Names(readIfThere('/etc/os-release')),
    hasLibrary: (name) => libraries.has(name),
    hasProgram,
  }
}

/** Whether an os-release file describes a Debian or Ubuntu with the renamed 64-bit-time packages. */
export function usesTime64Names(osRelease: string): boolean {
  const field = (name: string): string =>
    new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(osRelease)?.[1] ?? ''
  const version = Number.parseFloat(field('VERSION_ID'))
  if (field('ID') === 'ubuntu') return version >= 24.04
  if (field('ID') === 'debian') return Number.isNaN(version) || version >= 13
  return false
}

/** Every library the dynamic loader's cache and its usual folders know; ldconfig may be off an ordinary user's PATH. */
function listLibraries(): ReadonlySet<string> {
  const architecture = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  const configured = (process.env['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => folder !== '')
  const usual = [
    `/usr/lib/${architecture}`,
    `/lib/${architecture}`,
    '/usr/lib64',
    '/lib64',
    '/usr/lib',
    '/usr/local/lib',
  ]
  return new Set(
    [...configured, ...usual].filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder)),
  )
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** `--for=tests` includes what the app and the offline runtime need. */
export function readPurposes(args: readonly string[]): readonly Purpose[] {
  const value = args.find((argument) => argument.startsWith('--for='))?.slice('--for='.length) ?? 'app'
  if (value === 'tests') return ['app', 'runtime', 'tests']
  if (value === 'app' || value === 'runtime') return [value]
  throw new ScriptFailure(`Unknown --for=${value}. Use --for=app, --for=runtime or --for=tests.`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(async () => {
    await ensureSystemPackages(readPurposes(process.argv.slice(2)))
    console.log('All system packages are there.')
    return 0
  })
}
