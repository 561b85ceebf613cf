/**
 * OpenSSH's own server as the SSH server of a workspace: one daemon a connection, on the pipe that it was started with, as
 * an ordinary user, with a configuration, key and accounts of its own. Nothing listens, and nothing runs as a service.
 */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateHostKey } from './host-key.ts'

const program = '/usr/sbin/sshd'
/** Of Debian and its like, Fedora and its like, Arch. */
const sftpServers = [
  '/usr/lib/openssh/sftp-server',
  '/usr/libexec/openssh/sftp-server',
  '/usr/lib/ssh/sftp-server',
]

export interface OpenSshd {
  /** Of the one account. */
  readonly home: string
  /** What stands in for Coder's command line: its `ssh --stdio` becomes the daemon. */
  readonly cli: string
  /** Kills every daemon, as a lost network does: nothing is said before. */
  cut(): void
  close(): void
}

export function createOpenSshd(): OpenSshd {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-sshd-'))
  const { uid, gid, become } = ordinaryUser()
  /** Its daemon has to read it. */
  const give = (path: string): string => {
    if (become !== '') chownSync(path, uid, gid)
    return path
  }
  const write = (name: string, lines: readonly string[]): string => {
    const path = join(folder, name)
    writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 })
    return path
  }
  give(folder)
  const home = join(folder, 'home')
  mkdirSync(home)
  give(home)
  const pids = join(folder, 'pids')
  writeFileSync(pids, '')
  const config = give(write('config', configuration(give(write('host-key', [generateHostKey()])))))
  // The bridge comes as `coder` and proves nothing, as with Coder's agents: an account without a password. OpenSSH looks
  // for accounts in the system's files alone, so a library that reads others is put before it.
  const accounts = give(write('passwd', [`coder::${uid}:${gid}:Workspace:${home}:/bin/sh`]))
  const groups = give(write('group', [`coder:x:${gid}:`]))
  const environment = `LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD='${accounts}' NSS_WRAPPER_GROUP='${groups}'`
  const cli = write('coder', [
    '#!/bin/sh',
    `if [ "$1" = version ]; then echo '{"version":"v2.24.0"}'; exit 0; fi`,
    `echo $$ >> '${pids}'`,
    // A group of its own, which can be ended as one.
    `exec setsid ${become} env ${environment} '${program}' -i -e -f '${config}'`,
  ])
  chmodSync(cli, 0o700)
  return {
    home,
    cli,
    cut() {
      const started = readFileSync(pids, 'utf8').split('\n').filter(Boolean).map(Number)
      for (const pid of started) if (isDaemon(pid)) process.kill(-pid, 'SIGKILL')
    },
    close() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A number that was one's may be another process's by now. */
function isDaemon(pid: number): boolean {
  try {
    return /^(?:\/usr\/sbin\/)?sshd\b/.test(readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8'))
  } catch {
    // Ended.
    return false
  }
}

function configuration(hostKey: string): readonly string[] {
  return [
    `HostKey ${hostKey}`,
    'PidFile none',
    'UsePAM no',
    'PasswordAuthentication yes',
    'PermitEmptyPasswords yes',
    'StrictModes no',
    // Not the one inside of the daemon: it would share the library for accounts, which there takes a folder for its file.
    `Subsystem sftp ${sftpServers.find((path) => existsSync(path)) ?? 'sftp-server'}`,
    // Coder's agents count neither.
    'MaxSessions 1000',
    // So that a large file has seen some new keys.
    'RekeyLimit 16M',
    'LogLevel ERROR',
  ]
}

/**
 * Who the daemon runs as, and the words that make it so. Not as root: it would want folders of the system's service, and
 * it passes no signals on to what root runs.
 */
function ordinaryUser(): { readonly uid: number; readonly gid: number; readonly become: string } {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0]
  if (uid !== 0) return { uid, gid, become: '' }
  const nobody = 65_534
  return {
    uid: nobody,
    gid: nobody,
    become: `setpriv --reuid=${nobody} --regid=${nobody} --clear-groups`,
  }
}
