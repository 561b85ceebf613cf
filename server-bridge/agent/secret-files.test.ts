import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeSecretFiles } from './secret-files.ts'

let root: string
let home: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outpost-secrets-'))
  home = join(root, 'home')
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

const write = (file_path: string, value = 'top secret') =>
  writeSecretFiles(home, [{ env_name: '', file_path, value }]).map((failure) => failure.message)

describe.skipIf(process.platform === 'win32')('a secret file', () => {
  it('is written for the user alone, with the folders on its way, and leaves nothing else', () => {
    expect(write('~/.config/app/token')).toEqual([])
    const path = join(home, '.config/app/token')
    expect(readFileSync(path, 'utf8')).toBe('top secret')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(home, '.config')).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(home, '.config/app'))).toEqual(['token'])
  })

  it('replaces an older one, whatever its mode was', () => {
    mkdirSync(home)
    writeFileSync(join(home, 'token'), 'old', { mode: 0o644 })
    expect(write('~/token')).toEqual([])
    expect(readFileSync(join(home, 'token'), 'utf8')).toBe('top secret')
    expect(statSync(join(home, 'token')).mode & 0o777).toBe(0o600)
  })

  it('takes the place of a link instead of following it', () => {
    mkdirSync(home)
    writeFileSync(join(root, 'victim'), 'mine')
    symlinkSync(join(root, 'victim'), join(home, 'token'))
    expect(write('~/token')).toEqual([])
    expect(readFileSync(join(root, 'victim'), 'utf8')).toBe('mine')
    expect(lstatSync(join(home, 'token')).isFile()).toBe(true)
  })

  it('does not leave the workspace by a linked folder, and does not tell its value', () => {
    mkdirSync(home)
    mkdirSync(join(root, 'elsewhere'))
    symlinkSync(join(root, 'elsewhere'), join(home, 'dir'))
    symlinkSync(join(root, 'missing'), join(home, 'dangling'))
    for (const path of ['~/dir/token', '~/dir/deeper/token', '~/dangling/token', '~/../token']) {
      const [message] = write(path)
      expect(message).toContain(path)
      expect(message).not.toContain('top secret')
    }
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([])
    expect(existsSync(join(root, 'token'))).toBe(false)
  })

  it('may lie inside by a link that stays inside', () => {
    mkdirSync(join(home, 'real'), { recursive: true })
    symlinkSync('real', join(home, 'alias'))
    expect(write('~/alias/token')).toEqual([])
    expect(readFileSync(join(home, 'real/token'), 'utf8')).toBe('top secret')
  })

  it('may lie anywhere by an absolute path, and one that fails does not stop the next', () => {
    mkdirSync(join(root, 'taken'))
    const failures = writeSecretFiles(home, [
      { env_name: '', file_path: join(root, 'taken'), value: 'a' },
      { env_name: '', file_path: join(root, 'new/token'), value: 'b' },
      { env_name: 'X', file_path: '', value: 'c' },
    ])
    expect(failures).toHaveLength(1)
    expect(readFileSync(join(root, 'new/token'), 'utf8')).toBe('b')
    expect(readdirSync(root).sort()).toEqual(['new', 'taken'])
  })
})
