import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newGitKeyPair, toOpenSshPrivateKey } from './git-ssh-keys.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-git-keys-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('writes a private key that OpenSSH reads as the other half of the public one', () => {
  const { publicKey, privateKey } = newGitKeyPair()
  const file = join(folder, 'key')
  writeFileSync(file, toOpenSshPrivateKey(privateKey), { mode: 0o600 })
  expect(execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' })).toBe(publicKey)
})
