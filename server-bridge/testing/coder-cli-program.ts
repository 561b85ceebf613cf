/** Programs for tests of the deployment's command line: the stand-in as a file that can be started, and as a download. */
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const standIn = fileURLToPath(new URL('./stand-in-coder-cli.ts', import.meta.url))

/** Writes a script that runs the stand-in, and answers its path. */
export function writeStandInCli(folder: string, version: string): string {
  const path = join(folder, `coder-${version}`)
  const loader = import.meta.resolve('tsx')
  // What the script is started with decides what the stand-in gets, so nothing of the test's environment is needed.
  writeFileSync(
    path,
    `#!/bin/sh\nSTAND_IN_VERSION='${version}' exec '${process.execPath}' --import '${loader}' '${standIn}' "$@"\n`,
  )
  chmodSync(path, 0o755)
  return path
}

/** Writes a script that answers its version and nothing else, which is quick. */
export function writeVersionScript(folder: string, version: string): string {
  const path = join(folder, `version-${version}`)
  writeFileSync(path, `#!/bin/sh\necho '{"version":"${version}"}'\n`)
  chmodSync(path, 0o755)
  return path
}

/**
 * The smallest program of Linux on x86-64 that becomes another one with the same arguments: what a download has to be
 * is a program, and a script is none.
 */
export function programThatRuns(path: string): Buffer {
  const text = Buffer.from(`${path}\0`)
  const headers = 0x78
  const base = 0x400000
  const code = Buffer.from([
    // rsi = argv, rdx = envp behind argv's end, rdi = path, execve(rdi, rsi, rdx), exit(1)
    ...[0x48, 0x8b, 0x0c, 0x24],
    ...[0x48, 0x8d, 0x74, 0x24, 0x08],
    ...[0x48, 0x8d, 0x54, 0xcc, 0x10],
    ...[0x48, 0x8d, 0x3d, 0x11, 0x00, 0x00, 0x00],
    ...[0xb8, 0x3b, 0x00, 0x00, 0x00, 0x0f, 0x05],
    ...[0xb8, 0x3c, 0x00, 0x00, 0x00, 0xbf, 0x01, 0x00, 0x00, 0x00],
  ])
  const exit = Buffer.from([0x0f, 0x05])
  const body = Buffer.concat([code, exit, text])
  // The path stands behind the last instruction; `lea` counts from the end of its own.
  body.writeInt32LE(code.length + exit.length - 21, 17)
  const size = headers + body.length
  const head = Buffer.alloc(headers)
  head.write('\x7fELF\x02\x01\x01', 'latin1')
  head.writeUInt16LE(2, 16)
  head.writeUInt16LE(0x3e, 18)
  head.writeUInt32LE(1, 20)
  head.writeBigUInt64LE(BigInt(base + headers), 24)
  head.writeBigUInt64LE(64n, 32)
  head.writeUInt16LE(64, 52)
  head.writeUInt16LE(56, 54)
  head.writeUInt16LE(1, 56)
  head.writeUInt32LE(1, 64)
  head.writeUInt32LE(5, 68)
  head.writeBigUInt64LE(BigInt(base), 80)
  head.writeBigUInt64LE(BigInt(base), 88)
  head.writeBigUInt64LE(BigInt(size), 96)
  head.writeBigUInt64LE(BigInt(size), 104)
  head.writeBigUInt64LE(0x1000n, 112)
  return Buffer.concat([head, body])
}
