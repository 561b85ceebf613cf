import type { Logger } from '../../lib/logger.ts'
import type { Database } from '../db/database.ts'
import type { SealedBackups } from './sealed-backups.ts'
import { hasSealedRows, readCurrentId, reseal } from './sealed-rows.ts'
import { createSecretBox, newSecretKey, type SecretBox, type SecretKey, toSecretKey } from './secret-box.ts'
import type { SecretKeyFile } from './secret-key-file.ts'

/** The key of the stored secrets is not at hand. The message is for the user; nothing was changed. */
export class SecretKeyMissingError extends Error {
  override readonly name = 'SecretKeyMissingError'
}

export interface SecretKeysDeps {
  readonly db: Database
  readonly keyFile: SecretKeyFile
  readonly backups: SealedBackups
  /** Keys in base64 that the parent keeps in the keychain, oldest first. None: the key file has them. */
  readonly keychainKeys: readonly string[]
  readonly logger: Logger
}

/** Keys of the present data, and the box over the one in use. */
export interface SecretKeys {
  readonly box: SecretBox
  /** Seals everything anew under a fresh key of the key file. @throws {Error} where the keychain has the key. */
  rotate(): void
}

/**
 * Finds the key the database names as its own, among the keychain's and those of the key file, and makes one for new
 * data. Secrets move to the keychain's newest key when they were sealed by another one at hand.
 *
 * A rotation adds the next key to the file, seals every row in one transaction that also names that key, then the
 * backups one by one, and drops the old key from the file when nothing needs it. Whenever it is cut off, the database and
 * each backup name a key that the file still holds, and the next start goes on.
 *
 * @throws {SecretKeyMissingError} when secrets are stored and neither place has their key.
 */
export function openSecretKeys({ db, keyFile, backups, keychainKeys, logger }: SecretKeysDeps): SecretKeys {
  const inKeychain = keychainKeys.map((key) => toSecretKey(Buffer.from(key, 'base64')))
  const fromKeychain = inKeychain.at(-1)
  const inFile = keyFile.read()
  const namedId = readCurrentId(db)
  const named = [...inKeychain, ...inFile].find(({ id }) => id === namedId)
  if (namedId !== undefined && !named && hasSealedRows(db)) throw missingKey(fromKeychain !== undefined)

  /** Drops what the key file holds beside the present key, once no backup is sealed with it. */
  const tidy = (present: SecretKey): void => {
    const wanted = fromKeychain ? [] : [present]
    const there = keyFile.read()
    const isTidy = there.length === wanted.length && there.every(({ id }, index) => id === wanted[index]?.id)
    if (!isTidy && backups.reseal([...inKeychain, ...there], present)) keyFile.write(wanted)
  }
  let current = fromKeychain ?? named ?? inFile.at(-1) ?? newSecretKey()
  if (!fromKeychain && !inFile.some(({ id }) => id === current.id)) keyFile.write([current])
  if (current.id !== namedId) {
    reseal(db, named, current)
    if (namedId !== undefined) logger.info('The stored secrets were sealed with another key')
  }
  // What an earlier rotation or the move to the keychain left over.
  tidy(current)
  let box = createSecretBox(current)
  return {
    box: {
      seal: (plain, binding) => box.seal(plain, binding),
      open: (sealed, binding) => box.open(sealed, binding),
    },
    rotate() {
      if (fromKeychain) throw new Error('The key of this local deployment is kept in the keychain.')
      const next = newSecretKey()
      // Older ones too, where a backup still needs them.
      keyFile.write([...keyFile.read(), next])
      reseal(db, current, next)
      current = next
      box = createSecretBox(next)
      tidy(next)
    },
  }
}

function missingKey(hasKeychain: boolean): SecretKeyMissingError {
  return new SecretKeyMissingError(
    hasKeychain
      ? 'The secrets of this local deployment are sealed with a key that is neither in the keychain nor in its data folder. Bring back the keychain entry or the file secret.key and start again; nothing was changed.'
      : 'The secrets of this local deployment are sealed with a key that cannot be read now. Unlock the keychain, or bring back the file secret.key in the data folder, and start again; nothing was changed.',
  )
}
