import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { AgentGitSSHKey } from '../../contract/agent-runtime.ts'
import type { GitSSHKey } from '../../contract/user-secrets.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { GitSshKeysTable } from '../db/tables/git-ssh-keys.ts'
import type { SecretBinding, SecretBox } from './secret-box.ts'
import { toWireTime } from './wire-time.ts'

type KeyRow = Selectable<GitSshKeysTable>

export interface GitSshKeys {
  /** The user's key pair, made on the first call. */
  get(userId: string): GitSSHKey
  /** A new pair in place of the old one. */
  renew(userId: string): GitSSHKey
  /**
   * Both halves, for an agent of the user's. The private one is written as OpenSSH does, which reads it in every version.
   *
   * @throws {SecretBoxError} when it cannot be opened.
   */
  forAgents(userId: string): AgentGitSSHKey
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

/** A private Ed25519 key in OpenSSH's own form (PROTOCOL.key of OpenSSH), without a passphrase. */
export function toOpenSshPrivateKey(pem: string): string {
  const { x = '', d = '' } = createPrivateKey(pem).export({ format: 'jwk' })
  const raw = Buffer.from(x, 'base64url')
  const seed = Buffer.from(d, 'base64url')
  const type = sshString(Buffer.from(ALGORITHM))
  const none = sshString(Buffer.from('none'))
  const one = Buffer.from([0, 0, 0, 1])
  // The same number twice: with a passphrase it shows whether that was right.
  const check = Buffer.alloc(8)
  const secret = Buffer.concat([
    check,
    type,
    sshString(raw),
    sshString(Buffer.concat([seed, raw])),
    sshString(Buffer.alloc(0)),
  ])
  // Filled up to whole blocks of eight bytes with 1, 2, 3 and so on.
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, at) => at + 1))
  const key = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    none,
    none,
    sshString(Buffer.alloc(0)),
    one,
    sshString(Buffer.concat([type, sshString(raw)])),
    sshString(Buffer.concat([secret, padding])),
  ])
  const lines = key.toString('base64').match(/.{1,70}/g) ?? []
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n')
}

const toWire = (row: KeyRow): GitSSHKey => ({
  user_id: row.user_id,
  created_at: toWireTime(row.created_at),
  updated_at: toWireTime(row.updated_at),
  public_key: row.public_key,
})

const bindingOf = (userId: string): SecretBinding => ({
  table: 'git_ssh_keys',
  row: userId,
  column: 'private_key',
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
        private_key: box.seal(privateKey, bindingOf(userId)),
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
    forAgents(userId) {
      if (find(userId) === undefined) renew(userId)
      const row = find(userId)
      if (row === undefined) throw new Error('A key that was just made is not there.')
      const pem = box.open(row.private_key, bindingOf(userId))
      return { public_key: row.public_key, private_key: toOpenSshPrivateKey(pem) }
    },
  }
}
