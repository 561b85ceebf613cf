/**
 * Saving by `sudo`. The password goes to sudo's standard input, once, and is kept nowhere: not in a command line, not in
 * the environment, not in sudo's own cache (`-k`).
 */
import { randomBytes } from 'node:crypto'
import type { Client } from 'ssh2'
import { FilesFailure, quoted } from './files-failure.ts'
import { cancelled } from './place-connection.ts'
import { sha256Of } from './read-text.ts'
import { createSplitter, shellWord, startScript, type RunningScript } from './run-script.ts'
import { conflict, type Saved, type Saving } from './save-text.ts'
import { textOfName } from './sftp/remote-names.ts'

const codes = { notAFile: 21, notWritten: 22, conflict: 23 } as const

/**
 * As root, with the arguments path, mark, size, and hash (`-` no file, `*` any). It takes input after a line with the mark:
 * what comes before is a password that sudo did not want. The file beside begins as a copy, for its owner, mode and labels.
 */
const asRoot = [
  'p=$(readlink -f -- "$1") || p=$1',
  `if [ -e "$p" ] && [ ! -f "$p" ]; then exit ${String(codes.notAFile)}; fi`,
  `t=$(mktemp -- "$(dirname -- "$p")/.outpost-XXXXXXXX") || exit ${String(codes.notWritten)}`,
  `fail() { rm -f -- "$t"; exit "$1"; }`,
  `trap 'fail 1' HUP INT TERM PIPE`,
  `if [ -e "$p" ]; then cp -p -- "$p" "$t" || fail ${String(codes.notWritten)}; else chmod 644 "$t"; fi`,
  String.raw`printf 'ready\0'`,
  'while IFS= read -r l; do [ "$l" = "$2" ] && break; done',
  `cat > "$t" || fail ${String(codes.notWritten)}`,
  `[ "$(wc -c < "$t")" -eq "$3" ] || fail ${String(codes.notWritten)}`,
  'sum() { { sha256sum 2>/dev/null || shasum -a 256; } < "$p" | cut -c1-64; }',
  'about() { stat -c "%Y %s" -- "$1" 2>/dev/null || stat -f "%m %z" "$1"; }',
  'if [ -e "$p" ]; then h=$(sum); else h=-; fi',
  String.raw`if [ "$4" != "*" ] && [ "$h" != "$4" ]; then if [ "$h" = - ]; then printf 'gone\0'; else printf 'changed %s %s\0' "$(about "$p")" "$h"; fi; fail ${String(codes.conflict)}; fi`,
  'sync "$t" 2>/dev/null || :',
  `mv -f -- "$t" "$p" || fail ${String(codes.notWritten)}`,
  String.raw`printf 'saved %s\0%s\0' "$(about "$p")" "$p"`,
].join('; ')

/** @throws {FilesFailure} `conflict`, and the codes of `save-as-root` in the contract */
export async function saveAsRoot(
  ssh: Client,
  saving: Saving,
  password: string | null,
  signal: AbortSignal,
): Promise<Saved> {
  const mark = randomBytes(16).toString('hex')
  const expected = saving.force ? '*' : (saving.base?.sha256 ?? '-')
  const words = [saving.path, mark, String(saving.bytes.byteLength), expected].map(shellWord).join(' ')
  const flags = password === null ? '-n' : `-k -S -p ''`
  const script = [
    'command -v sudo >/dev/null 2>&1 || { echo no-sudo >&2; exit 127; }',
    `LC_ALL=C exec sudo ${flags} -- sh -c ${shellWord(asRoot)} sh ${words}`,
  ].join('; ')
  const running = await startScript(ssh, script, signal)
  if (password !== null) running.write(`${password}\n`)
  // Another question means that the password was wrong. Without an end of the input sudo would take the file for one.
  running.onErrors(() => {
    if (!isReady && /try again|incorrect/i.test(running.errors())) running.endInput()
  })
  let isReady = false
  const records: string[] = []
  const splitter = createSplitter([0], 16 * 1024)
  for await (const chunk of running.output) {
    records.push(...splitter.push(chunk).map(textOfName))
    if (isReady || records[0] !== 'ready') continue
    isReady = true
    running.write(`${mark}\n`)
    running.write(saving.bytes)
    running.endInput()
  }
  const code = await running.ended
  if (signal.aborted) throw cancelled()
  return answerOf(saving, {
    code,
    records: records.slice(1),
    running,
    isReady,
    hasPassword: password !== null,
  })
}

interface Outcome {
  readonly code: number | null
  readonly records: readonly string[]
  readonly running: RunningScript
  readonly isReady: boolean
  readonly hasPassword: boolean
}

function answerOf(saving: Saving, { code, records, running, isReady, hasPassword }: Outcome): Saved {
  const [first = '', path = saving.path] = records
  const saved = /^saved (\d+) \d+$/.exec(first)
  if (code === 0 && saved !== null) {
    const { bytes } = saving
    const version = { mtime: Number(saved[1]), size: bytes.byteLength, sha256: sha256Of(bytes) }
    return { path, version }
  }
  if (first === 'gone') throw conflict(saving.path, null)
  const changed = /^changed (\d+) (\d+) ([0-9a-f]{64})$/.exec(first)
  if (changed !== null) {
    const [, mtime, size, sha256 = ''] = changed
    throw conflict(saving.path, { mtime: Number(mtime), size: Number(size), sha256 })
  }
  if (!isReady) throw refusalOf(running.errors(), code, hasPassword)
  if (code === codes.notAFile) {
    throw new FilesFailure('not_a_file', `${quoted(saving.path)} is not a regular file.`)
  }
  throw new FilesFailure(
    /no space/i.test(running.errors()) ? 'disk_full' : 'failed',
    `${quoted(saving.path)} was not saved: root could not write it, or the connection was lost. The old file is unchanged.`,
  )
}

/** What sudo said before it ran anything, in the C locale. */
function refusalOf(errors: string, code: number | null, hasPassword: boolean): FilesFailure {
  if (errors.includes('no-sudo')) {
    return new FilesFailure('no_sudo', 'This workspace has no sudo, so the file cannot be saved as root.')
  }
  if (/not in the sudoers|not allowed|may not run|must have a tty|new privileges|setuid/i.test(errors)) {
    return new FilesFailure(
      'not_allowed',
      'Your user on this workspace may not use sudo for this, so the file cannot be saved as root.',
    )
  }
  if (!hasPassword && /password/i.test(errors)) {
    return new FilesFailure('password_needed', 'sudo on this workspace wants your password there.')
  }
  if (/try again|incorrect|no password was provided/i.test(errors)) {
    return new FilesFailure('wrong_password', 'sudo did not accept that password. Check it and try again.')
  }
  if (code === codes.notAFile) {
    return new FilesFailure('not_a_file', 'That is not a regular file, so it cannot be saved as root.')
  }
  if (code === codes.notWritten) {
    return new FilesFailure('failed', 'The file was not saved: root cannot write into its folder.')
  }
  return new FilesFailure('failed', 'sudo did not run on this workspace. Try it in a terminal to see why.')
}
