import { generateKeyPairSync } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { GitSSHKey } from '../../contract/user-secrets.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { GitSshKeysTable } from '../db/tables/git-ssh-keys.ts'
import type { SecretBox } from './secret-box.ts'
import { toWireTime } from './wire-time.ts'

type KeyRow = Selectable<GitSshKeysTable>

export interface GitSshKeys {
  /** The user's key pair, made on the first call. */
  get(userId: string): GitSSHKey
  /** A new pair in place of the old one. */
  renew(userId: string): GitSSHKey
}

const ALGORITHM = 'ssh-ed25519'

/** A string of the SSH wire format (RFC 4251, section 5): its length, then its bytes. */
function sshString(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.byteLength)
  return Buffer.concat([length, bytes])
}

/** A fresh Ed25519 pair: the public half as OpenSSH writes it (RFC 8709), the private one as PKCS #8. */
export function newGitKeyPair(): { readonly publicKey: string; readonly privateKey: string } {
  const pair = generateKeyPairSync('ed25519')
  const raw = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const blob = Buffer.concat([sshString(Buffer.from(ALGORITHM)), sshString(raw)])
  return {
    publicKey: `${ALGORITHM} ${blob.toString('base64')}\n`,
    privateKey: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  }
}

const toWire = (row: KeyRow): GitSSHKey => ({
  user_id: row.user_id,
  created_at: toWireTime(row.created_at),
  updated_at: toWireTime(row.updated_at),
  public_key: row.public_key,
})

export function createGitSshKeys(db: Database, clock: Clock, box: SecretBox): GitSshKeys {
  const find = (userId: string): KeyRow | undefined =>
    db.first(db.sql.selectFrom('git_ssh_keys').selectAll().where('user_id', '=', userId))
  const renew = (userId: string): GitSSHKey => {
    const { publicKey, privateKey } = newGitKeyPair()
    const now = clock.now()
    return db.transaction(() => {
      const row: KeyRow = {
        user_id: userId,
        public_key: publicKey,
        private_key: box.seal(privateKey, { table: 'git_ssh_keys', row: userId, column: 'private_key' }),
        created_at: find(userId)?.created_at ?? now,
        updated_at: now,
      }
      db.run(
        db.sql
          .insertInto('git_ssh_keys')
          .values(row)
          .onConflict((conflict) => conflict.column('user_id').doUpdateSet(row)),
      )
      return toWire(row)
    })
  }
  return {
    get(userId) {
      const known = find(userId)
      return known ? toWire(known) : renew(userId)
    },
    renew,
  }
}
