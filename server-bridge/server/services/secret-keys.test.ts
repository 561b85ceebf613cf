import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Logger, silentLogger } from '../../lib/logger.ts'
import { connectDatabase, type Database } from '../db/database.ts'
import { writeBackup } from '../db/backups.ts'
import { openDatabase } from '../db/open-database.ts'
import { createSealedBackups } from './sealed-backups.ts'
import { newSecretKey, type SecretBox } from './secret-box.ts'
import { createSecretKeyFile, type SecretKeyFile } from './secret-key-file.ts'
import { openSecretKeys, SecretKeyMissingError } from './secret-keys.ts'

let folder: string
let keyPath: string
let db: Database
let keyFile: SecretKeyFile
/** The details of what the log was warned of. */
let warnings: unknown[]
const logger: Logger = { ...silentLogger, warn: (_, details) => warnings.push(details) }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-keys-'))
  keyPath = join(folder, 'secret.key')
  db = openDatabase(folder)
  keyFile = createSecretKeyFile(keyPath)
  warnings = []
  db.script(
    "INSERT INTO users (id, username, email, name, avatar_url, status, login_type, roles, created_at, updated_at) VALUES ('u', 'u', 'u', '', '', 'active', 'password', '[]', 1, 1)",
  )
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const open = (keychainKeys: readonly string[] = [], file = keyFile) =>
  openSecretKeys({
    db,
    keyFile: file,
    backups: createSealedBackups(folder, logger),
    keychainKeys,
    logger: silentLogger,
  })
const base64 = ({ bytes }: { readonly bytes: Uint8Array }): string => Buffer.from(bytes).toString('base64')
const binding = { table: 'user_secrets', row: 's', column: 'value' }

function store(box: SecretBox): void {
  db.run(
    db.sql.insertInto('user_secrets').values({
      id: 's',
      user_id: 'u',
      name: 'n',
      description: '',
      env_name: '',
      file_path: '',
      value: box.seal('top secret', binding),
      value_bytes: 10,
      enabled: 0,
      created_at: 1,
      updated_at: 1,
    }),
  )
}
const stored = (): string => db.first(db.sql.selectFrom('user_secrets').select('value'))?.value ?? ''

describe('the key file', () => {
  it.skipIf(process.platform === 'win32')('is made on the first start, for its owner only', () => {
    open()
    expect(statSync(keyPath).mode & 0o777).toBe(0o600)
    const text = readFileSync(keyPath, 'utf8')
    open()
    expect(readFileSync(keyPath, 'utf8')).toBe(text)
  })

  it('that is damaged stops the start and stays as it is', () => {
    writeFileSync(keyPath, 'nonsense\n')
    expect(() => open()).toThrow('is damaged')
    expect(readFileSync(keyPath, 'utf8')).toBe('nonsense\n')
  })
})

describe('a key that is gone', () => {
  it('stops the start with a sentence while secrets are stored, and brings them back when it returns', () => {
    store(open().box)
    const text = readFileSync(keyPath, 'utf8')
    const sealed = stored()
    rmSync(keyPath)
    expect(() => open()).toThrow(SecretKeyMissingError)
    expect(() => open([base64(newSecretKey())])).toThrow(SecretKeyMissingError)
    expect(stored()).toBe(sealed)
    writeFileSync(keyPath, text, { mode: 0o600 })
    expect(open().box.open(stored(), binding)).toBe('top secret')
  })

  it('does not matter while nothing is stored', () => {
    open()
    rmSync(keyPath)
    store(open().box)
    expect(open().box.open(stored(), binding)).toBe('top secret')
  })
})

describe('a rotation', () => {
  it('seals everything with a new key and drops the old one', () => {
    const keys = open()
    store(keys.box)
    const [old] = keyFile.read()
    const sealed = stored()
    keys.rotate()
    expect(stored()).not.toBe(sealed)
    expect(keyFile.read()).toHaveLength(1)
    expect(keyFile.read()[0]?.id).not.toBe(old?.id)
    expect(keys.box.open(stored(), binding)).toBe('top secret')
    expect(open().box.open(stored(), binding)).toBe('top secret')
  })

  it.each(['before the rows were sealed', 'after the rows were sealed'])(
    'that was cut off %s loses nothing',
    (moment) => {
      store(open().box)
      let writes = 0
      const cutAt = moment.startsWith('before') ? 1 : 2
      const dying = openSecretKeys({
        db,
        backups: createSealedBackups(folder, silentLogger),
        keychainKeys: [],
        logger: silentLogger,
        keyFile: {
          read: () => keyFile.read(),
          write(keys) {
            writes += 1
            if (cutAt === 2 && writes === 2) throw new Error('killed')
            keyFile.write(keys)
            if (cutAt === 1) throw new Error('killed')
          },
        },
      })
      expect(() => dying.rotate()).toThrow('killed')
      expect(keyFile.read()).toHaveLength(2)
      expect(open().box.open(stored(), binding)).toBe('top secret')
      expect(keyFile.read()).toHaveLength(1)
      expect(open().box.open(stored(), binding)).toBe('top secret')
    },
  )

  it('with a value that does not open changes nothing', () => {
    const keys = open()
    store(keys.box)
    db.script("UPDATE user_secrets SET value = value || 'AA'")
    const sealed = stored()
    expect(() => keys.rotate()).toThrow()
    expect(stored()).toBe(sealed)
  })
})

describe('a key of the keychain', () => {
  it('takes over what the key file had sealed, and the file goes', () => {
    store(open().box)
    const key = base64(newSecretKey())
    expect(open([key]).box.open(stored(), binding)).toBe('top secret')
    expect(keyFile.read()).toEqual([])
    expect(open([key]).box.open(stored(), binding)).toBe('top secret')
  })

  it('is followed by the next one after it', () => {
    const [first, second] = [base64(newSecretKey()), base64(newSecretKey())]
    store(open([first]).box)
    expect(open([first, second]).box.open(stored(), binding)).toBe('top secret')
    expect(open([second]).box.open(stored(), binding)).toBe('top secret')
  })
})

describe('a backup', () => {
  const backup = () => join(folder, 'backups', 'outpost-2026-01-01.db')
  /** Loses the database, so that the newest backup takes its place. */
  const goBack = (): void => {
    db.close()
    for (const companion of ['', '-wal', '-shm'])
      rmSync(join(folder, `outpost.db${companion}`), { force: true })
    db = openDatabase(folder)
  }
  const begin = () => {
    const keys = open()
    store(keys.box)
    writeBackup(db, folder, 'outpost-2026-01-01.db')
    return keys
  }

  it('from before a rotation opens after it, and the old key is not kept', () => {
    begin().rotate()
    expect(keyFile.read()).toHaveLength(1)
    expect(readdirSync(join(folder, 'backups'))).toEqual(['outpost-2026-01-01.db'])
    if (process.platform !== 'win32') expect(statSync(backup()).mode & 0o777).toBe(0o600)
    goBack()
    expect(open().box.open(stored(), binding)).toBe('top secret')
  })

  it('from before the move to the keychain opens after it', () => {
    begin()
    const key = base64(newSecretKey())
    open([key])
    expect(keyFile.read()).toEqual([])
    goBack()
    expect(open([key]).box.open(stored(), binding)).toBe('top secret')
  })

  it('that could not be sealed anew keeps its key, until it can', () => {
    const keys = begin()
    const sealed = readFileSync(backup())
    const pages = `${backup()}.aside`
    cpSync(backup(), pages)
    // A value that does not open: nothing can be done with it but to keep the key.
    const broken = connectDatabase(pages)
    broken.script("UPDATE user_secrets SET value = value || 'AA'")
    broken.close()
    cpSync(pages, backup())
    keys.rotate()
    expect(keyFile.read()).toHaveLength(2)
    expect(open().box.open(stored(), binding)).toBe('top secret')
    expect(keyFile.read()).toHaveLength(2)
    writeFileSync(backup(), sealed)
    open()
    expect(keyFile.read()).toHaveLength(1)
    goBack()
    expect(open().box.open(stored(), binding)).toBe('top secret')
  })

  it('that is damaged holds no rotation up, is told of, and keeps its key while it is there', () => {
    const keys = begin()
    const [old] = keyFile.read()
    const whole = readFileSync(backup())
    writeFileSync(backup(), Buffer.from(whole).fill(0xab, 4096))
    keys.rotate()
    expect(keys.box.open(stored(), binding)).toBe('top secret')
    expect(keyFile.read().map(({ id }) => id)).toContain(old?.id)
    expect(warnings).toEqual([expect.objectContaining({ backup: 'outpost-2026-01-01.db' })])
    open()
    expect(keyFile.read()).toHaveLength(2)
    // Mended, it opens.
    writeFileSync(backup(), whole)
    goBack()
    expect(open().box.open(stored(), binding)).toBe('top secret')
    expect(keyFile.read()).toHaveLength(1)
  })

  it('that was damaged and is gone does not keep its key', () => {
    const keys = begin()
    writeFileSync(backup(), readFileSync(backup()).fill(0xab, 4096))
    keys.rotate()
    rmSync(backup())
    open()
    expect(keyFile.read()).toHaveLength(1)
  })
})
